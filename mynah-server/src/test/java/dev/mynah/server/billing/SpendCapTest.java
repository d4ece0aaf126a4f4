package dev.mynah.server.billing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.AtOnce;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class SpendCapTest {
    private static final String PATH = "/v1/chat/completions";

    private final TestServer server;

    SpendCapTest(TestDatabase database) {
        server = TestServer.on(database);
    }

    private Reply cap(TestUser user, String kind, String subject, String amount) {
        return server.send(
                "PUT",
                "/api/billing/caps",
                user.key(),
                "{'kind': '" + kind + "', 'subject_id': '" + subject + "', 'amount': " + amount + "}");
    }

    /** 3 micro-units: 15 tokens read at 0.1 and 4 written at 0.4, of which 4 may be written. */
    private Reply ask(TestUser user) {
        return server.post(PATH, user.key(), TestServer.chat("echo abc", "'max_tokens': 4"));
    }

    @Test
    void noCapIsPassedHoweverManyAskAtOnce() throws Exception {
        TestUser user = TestUser.payingFrom(server, 1_000_000);
        assertThat(ask(user).status()).isEqualTo(200);
        String key = String.valueOf(user.caller().apiKeyId());
        assertThat(cap(user, "api_key", key, "20").json().at("/data/0/spent").longValue())
                .isEqualTo(3);

        List<Reply> replies = AtOnce.run(40, i -> ask(user));

        assertThat(replies.stream().filter(reply -> reply.status() == 200)).hasSize(5);
        assertThat(replies.stream().filter(reply -> reply.status() == 429))
                .hasSize(35)
                .allMatch(reply -> reply.json().at("/error/code").stringValue().equals("billing_hard_limit_reached"));
        assertThat(user.balance()).isEqualTo(1_000_000 - 18);
        assertThat(server.audit()).matches(report -> report.isClean());
    }

    @Test
    void eachKindOfCapHoldsAndIsRaisedAndLifted() throws Exception {
        TestUser user = TestUser.payingFrom(server, 1_000_000);
        for (String kind : List.of("organisation", "project", "user", "api_key")) {
            String subject = switch (kind) {
                case "organisation" -> user.organisationId();
                case "project" -> user.caller().projectId();
                case "user" -> user.userId();
                default -> String.valueOf(user.caller().apiKeyId());
            };
            long spent = user.usage("cost");
            cap(user, kind, subject, String.valueOf(spent + 2));
            assertThat(ask(user).status()).as(kind).isEqualTo(429);
            cap(user, kind, subject, String.valueOf(spent + 3));
            assertThat(ask(user).status()).as(kind).isEqualTo(200);
            assertThat(ask(user).status()).as(kind).isEqualTo(429);
            JsonNode lifted = cap(user, kind, subject, "null").json();
            assertThat(lifted.get("data")).isEmpty();
            assertThat(ask(user).status()).as(kind).isEqualTo(200);
            assertThat(cap(user, kind, subject, "1000")
                            .json()
                            .at("/data/0/spent")
                            .longValue())
                    .as(kind)
                    .isEqualTo(spent + 6);
            cap(user, kind, subject, "null");
        }
        assertThat(server.audit()).matches(report -> report.isClean());
    }

    @Test
    void capsOfOthersAreNotFound() {
        TestUser user = TestUser.onPlan(server, "payg");
        TestUser other = TestUser.onPlan(server, "payg");
        assertThat(cap(user, "organisation", other.organisationId(), "1").status())
                .isEqualTo(404);
        assertThat(cap(user, "user", other.userId(), "1").status()).isEqualTo(404);
        assertThat(cap(user, "project", other.caller().projectId(), "1").status())
                .isEqualTo(404);
        assertThat(cap(user, "api_key", String.valueOf(other.caller().apiKeyId()), "1")
                        .status())
                .isEqualTo(404);
        assertThat(cap(user, "moon", user.organisationId(), "1").status()).isEqualTo(400);
        assertThat(cap(user, "organisation", user.organisationId(), "-1").status())
                .isEqualTo(400);
    }

    @Test
    void whatWasCachedCostsItsOwnPrice() {
        TestUser user = TestUser.payingFrom(server, 1_000_000);
        JsonNode model = server.get("/api/admin/models", server.adminKey())
                .json()
                .get("data")
                .valueStream()
                .filter(one -> one.get("id").stringValue().equals(TestServer.MODEL))
                .findFirst()
                .orElseThrow();
        String path = "/api/admin/models/" + TestServer.MODEL;
        try {
            server.send(
                    "PATCH",
                    path,
                    server.adminKey(),
                    "{'input_price': 10000000, 'cached_input_price': 1000000, 'output_price': 0}");
            JsonNode usage = server.post(PATH, user.key(), TestServer.chat("cached 10"))
                    .json()
                    .get("usage");
            assertThat(usage.at("/prompt_tokens_details/cached_tokens").intValue())
                    .isEqualTo(10);
            int prompt = usage.get("prompt_tokens").intValue();
            assertThat(user.balance()).isEqualTo(1_000_000 - 10 - (prompt - 10) * 10L);
            assertThat(user.usage("cached_tokens")).isEqualTo(10);
        } finally {
            server.send(
                    "PATCH",
                    path,
                    server.adminKey(),
                    "{'input_price': " + model.get("input_price") + ", 'cached_input_price': "
                            + model.get("cached_input_price") + ", 'output_price': " + model.get("output_price") + "}");
        }
    }
}
