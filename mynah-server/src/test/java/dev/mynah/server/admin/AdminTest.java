package dev.mynah.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.AtOnce;
import dev.mynah.server.Browser;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import dev.mynah.server.account.Role;
import dev.mynah.server.account.User;
import dev.mynah.server.account.UserRepository;
import dev.mynah.server.account.UserState;
import dev.mynah.server.store.Ids;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class AdminTest {
    private static final String USERS = "/api/admin/users";

    private final TestServer server;

    AdminTest(TestDatabase database) {
        server = TestServer.on(database);
    }

    private JsonNode get(String path) {
        return server.get(path, server.adminKey()).json();
    }

    private Reply patch(String path, String json) {
        return server.send("PATCH", path, server.adminKey(), json);
    }

    @Test
    void usersAreFoundPageByPage() {
        String mark = Ids.next("find");
        List<Browser> made = List.of(
                Browser.signedUp(server, mark + "-1@example.com"), Browser.signedUp(server, mark + "-2@example.com"));
        assertThat(made).hasSize(2);

        JsonNode first = get(USERS + "?limit=1&q=" + mark.toUpperCase(java.util.Locale.ROOT));
        assertThat(first.at("/data/0/email").stringValue()).isEqualTo(mark + "-2@example.com");
        JsonNode second =
                get(USERS + "?limit=2&q=" + mark + "&after=" + first.get("next").stringValue());
        assertThat(second.get("data")).hasSize(1);
        assertThat(second.at("/data/0/email").stringValue()).isEqualTo(mark + "-1@example.com");
        assertThat(second.get("next").isNull()).isTrue();
    }

    @Test
    void whoIsSuspendedIsOutAtOnce() {
        TestUser user = TestUser.onPlan(server, "free");
        assertThat(patch(USERS + "/" + user.userId(), "{'state': 'suspended'}").status())
                .isEqualTo(200);
        assertThat(server.get("/v1/models", user.key()).status()).isEqualTo(401);
        assertThat(get("/api/admin/audit?limit=1").at("/data/0/detail").stringValue())
                .isEqualTo("active -> suspended");
        assertThat(patch(USERS + "/" + user.userId(), "{'state': 'active'}").status())
                .isEqualTo(200);
        assertThat(server.get("/v1/models", user.key()).status()).isEqualTo(200);
    }

    @Test
    void theAuditLogIsSearched() {
        String mark = Ids.next("who") + "@example.com";
        Browser.signedUp(server, mark);
        String id = get(USERS + "?q=" + mark).at("/data/0/id").stringValue();
        patch(USERS + "/" + id, "{'state': 'suspended'}");
        patch(USERS + "/" + id, "{'state': 'active'}");

        JsonNode found = get("/api/admin/audit?limit=1&action=user.state&q=" + mark.toUpperCase(java.util.Locale.ROOT));
        assertThat(found.at("/data/0/subject_email").stringValue()).isEqualTo(mark);
        assertThat(found.at("/data/0/detail").stringValue()).isEqualTo("suspended -> active");
        assertThat(found.at("/data/0/actor_email").isString()).isTrue();
        JsonNode second = get("/api/admin/audit?limit=1&action=user.state&q=" + mark + "&after="
                + found.get("next").stringValue());
        assertThat(second.at("/data/0/detail").stringValue()).isEqualTo("active -> suspended");
        assertThat(get("/api/admin/audit?action=user_state&q=" + mark).get("data"))
                .isEmpty();
        assertThat(get("/api/admin/audit?until=2020-01-31&q=" + mark).get("data"))
                .isEmpty();
        assertThat(get("/api/admin/audit?from=2020-01-31&q=" + mark).get("data"))
                .isNotEmpty();
        assertThat(server.get("/api/admin/audit?from=2026-02-30", server.adminKey())
                        .status())
                .isEqualTo(400);
    }

    @Test
    void operatorsMayStopButNotAdminister() {
        TestUser user = TestUser.onPlan(server, "free");
        assertThat(server.get("/api/admin/status", user.key()).status()).isEqualTo(403);
        patch(USERS + "/" + user.userId(), "{'role': 'operator'}");

        assertThat(server.get("/api/admin/status", user.key()).status()).isEqualTo(200);
        assertThat(server.send("PUT", "/api/admin/stop", user.key(), "{'stopped': false}")
                        .status())
                .isEqualTo(200);
        for (String path : List.of(USERS, "/api/admin/models", "/api/admin/audit")) {
            assertThat(server.get(path, user.key()).status()).as(path).isEqualTo(403);
        }
    }

    @Test
    void theLastAdministratorStays() {
        String id = get("/api/account").get("id").stringValue();
        assertThat(patch(USERS + "/" + id, "{'role': 'user'}").status()).isEqualTo(409);
        assertThat(patch(USERS + "/" + id, "{'state': 'suspended'}").status()).isEqualTo(409);
        assertThat(patch(USERS + "/" + id, "{'role': 'king'}").status()).isEqualTo(400);
        assertThat(patch(USERS + "/" + id, "{'state': 'deleted'}").status()).isEqualTo(400);
        assertThat(patch(USERS + "/nobody", "{'role': 'user'}").status()).isEqualTo(404);
    }

    @Test
    void whatIsChangedAtOnceStays() throws Exception {
        List<String> users = Stream.generate(
                        () -> TestUser.onPlan(server, "free").userId())
                .limit(10)
                .toList();
        AtOnce.run(
                20,
                i -> patch(
                        USERS + "/" + users.get(i / 2),
                        i % 2 == 0 ? "{'state': 'suspended'}" : "{'role': 'operator'}"));
        for (String id : users) {
            User user = server.bean(UserRepository.class).find(id).orElseThrow();
            assertThat(user.state()).isEqualTo(UserState.SUSPENDED);
            assertThat(user.role()).isEqualTo(Role.OPERATOR);
        }

        JsonNode before = get("/api/admin/plans").get("data");
        try {
            List<String> limits =
                    List.of("requests_per_minute", "tokens_per_minute", "requests_per_day", "tokens_per_day");
            for (int round = 1; round <= 5; round++) {
                int limit = 1_000_000 + round;
                AtOnce.run(4, i -> patch("/api/admin/plans/plus", "{'" + limits.get(i) + "': " + limit + "}"));
                JsonNode now = patch("/api/admin/plans/plus", "{}").json();
                for (String changed : limits) {
                    assertThat(now.get(changed).intValue()).as(changed).isEqualTo(limit);
                }
            }
        } finally {
            patch(
                    "/api/admin/plans/plus",
                    "{'requests_per_minute': 120, 'tokens_per_minute': 400000, 'requests_per_day': 5000, 'tokens_per_day': 5000000}");
        }
        assertThat(get("/api/admin/plans").get("data")).isEqualTo(before);
    }

    @Test
    void aDeletedAccountStaysSo() {
        String id = TestUser.onPlan(server, "free").userId();
        server.bean(UserRepository.class).erase(id);
        for (String change : List.of("{'state': 'active'}", "{'role': 'operator'}", "{'plan': 'plus'}")) {
            assertThat(patch(USERS + "/" + id, change).status()).isEqualTo(404);
        }
        assertThat(server.bean(UserRepository.class).find(id).orElseThrow().state())
                .isEqualTo(UserState.DELETED);
    }

    private JsonNode model() {
        return get("/api/admin/models")
                .get("data")
                .valueStream()
                .filter(model -> model.get("id").stringValue().equals(TestServer.MODEL))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void modelsAreSwitchedPricedAndLimited() {
        String path = "/api/admin/models/" + TestServer.MODEL;
        JsonNode before = model();
        TestUser user = TestUser.payingFrom(server, 1_000_000);
        try {
            assertThat(patch(path, "{'enabled': false}").json().get("enabled").booleanValue())
                    .isFalse();
            assertThat(server.post("/v1/chat/completions", user.key(), TestServer.chat("echo a"))
                            .status())
                    .isEqualTo(404);
            patch(path, "{'enabled': true, 'output_price': 5000000, 'input_price': 0, 'max_output_tokens': 3}");
            JsonNode answer = server.post("/v1/chat/completions", user.key(), TestServer.chat("echo abcdef"))
                    .json();
            assertThat(answer.at("/choices/0/message/content").stringValue()).isEqualTo("abc");
            assertThat(user.balance()).isEqualTo(1_000_000 - 3 * 5);
            assertThat(get("/api/admin/audit?limit=1").at("/data/0/action").stringValue())
                    .isEqualTo("model.update");
            assertThat(patch(path, "{'output_price': -1}").status()).isEqualTo(400);
            assertThat(patch(path, "{'currency': 'EUR'}").status()).isEqualTo(400);
        } finally {
            patch(
                    path,
                    "{'enabled': true, 'max_output_tokens': null, 'input_price': " + before.get("input_price")
                            + ", 'output_price': " + before.get("output_price") + "}");
        }
        assertThat(model()).isEqualTo(before);
    }

    @Test
    void plansArePricedLimitedAndGiven() {
        String path = "/api/admin/plans/plus";
        JsonNode before = get("/api/admin/plans").get("data");
        try {
            JsonNode changed = patch(path, "{'monthly_price': 15000000, 'requests_per_day': 7}")
                    .json();
            assertThat(changed.get("monthly_price").longValue()).isEqualTo(15_000_000);
            assertThat(changed.get("requests_per_day").longValue()).isEqualTo(7);
            assertThat(patch(path, "{'requests_per_day': 0}").status()).isEqualTo(400);
            assertThat(patch("/api/admin/plans/gold", "{}").status()).isEqualTo(404);
        } finally {
            patch(path, "{'monthly_price': 20000000, 'requests_per_day': 5000}");
        }
        assertThat(get("/api/admin/plans").get("data")).isEqualTo(before);
        TestUser user = TestUser.onPlan(server, "free");
        assertThat(patch(USERS + "/" + user.userId(), "{'plan': 'plus'}")
                        .json()
                        .get("plan")
                        .stringValue())
                .isEqualTo("plus");
        assertThat(patch(USERS + "/" + user.userId(), "{'plan': 'gold'}").status())
                .isEqualTo(400);
        assertThat(server.get("/api/studio/runs", user.key()).status()).isEqualTo(403);
        assertThat(server.get("/api/studio/metrics?run=..%2F..%2Fetc", server.adminKey())
                        .status())
                .isEqualTo(404);
    }
}
