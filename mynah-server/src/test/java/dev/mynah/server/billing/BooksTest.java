package dev.mynah.server.billing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.AtOnce;
import dev.mynah.server.TestClock;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import dev.mynah.server.ops.AuditReport;
import dev.mynah.server.subscription.Card;
import dev.mynah.server.subscription.SubscriptionDesk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class BooksTest {
    private static final String PATH = "/v1/chat/completions";

    private final TestServer server;

    BooksTest(TestDatabase database) {
        server = TestServer.on(database);
    }

    @Test
    void anAnswerCostsWhatItUsed() {
        TestUser user = TestUser.payingFrom(server, 1_000_000);

        Reply reply = server.post(PATH, user.key(), TestServer.chat("echo abc"));

        // 15 tokens read at 0.1 and 4 written at 0.4 micro-units: 3.1.
        assertThat(reply.json().get("usage").get("prompt_tokens").intValue()).isEqualTo(15);
        assertThat(reply.json().get("usage").get("completion_tokens").intValue())
                .isEqualTo(4);
        assertThat(user.balance()).isEqualTo(1_000_000 - 3);
        assertThat(user.usage("completion_tokens")).isEqualTo(4);
        assertThat(user.usage("prompt_tokens")).isEqualTo(15);
        assertThat(user.usage("cost")).isEqualTo(3);
        assertThat(reply.headers()).containsKeys("x-ratelimit-limit-requests", "x-ratelimit-remaining-tokens");
    }

    @Test
    void aFailureBeforeAnythingWasDeliveredIsFree() {
        TestUser user = TestUser.payingFrom(server, 1_000_000);

        assertThat(server.post(PATH, user.key(), TestServer.chat("fail 5")).status())
                .isEqualTo(500);
        assertThat(server.post(PATH, user.key(), TestServer.chat("fail 0", "'stream': true"))
                        .status())
                .isEqualTo(200);

        assertThat(user.balance()).isEqualTo(1_000_000);
        assertThat(user.usage("completion_tokens")).isZero();
    }

    @Test
    void aFailureLaterCostsWhatWasDelivered() {
        TestUser user = TestUser.payingFrom(server, 1_000_000);

        server.post(PATH, user.key(), TestServer.chat("fail 50", "'stream': true"));

        assertThat(user.usage("completion_tokens")).isEqualTo(50);
        assertThat(user.balance()).isEqualTo(1_000_000 - user.usage("cost"));
    }

    @Test
    void anEmptyWalletAnswersNothing() {
        TestUser user = TestUser.payingFrom(server, 10);

        Reply reply = server.post(PATH, user.key(), TestServer.chat("echo abc"));

        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.json().get("error").get("code").stringValue()).isEqualTo("insufficient_quota");
        assertThat(server.post(PATH, user.key(), TestServer.chat("echo abc", "'max_tokens': 4"))
                        .status())
                .isEqualTo(200);
        assertThat(user.balance()).isEqualTo(7);
    }

    @Test
    void thePlansLimitsHoldForThoseWhoComeAtOnce() throws Exception {
        TestUser user = TestUser.onPlan(server, "free");
        List<Reply> replies =
                AtOnce.run(40, i -> server.post(PATH, user.key(), TestServer.chat("echo a", "'max_tokens': 5")));

        // 20 a minute; the minute may end between two requests.
        long answered = replies.stream().filter(reply -> reply.status() == 200).count();
        assertThat(answered).isBetween(20L, 40L);
        List<Reply> refused =
                replies.stream().filter(reply -> reply.status() == 429).toList();
        assertThat(answered + refused.size()).isEqualTo(40);
        for (Reply reply : refused) {
            assertThat(reply.json().get("error").get("code").stringValue()).isEqualTo("rate_limit_exceeded");
            assertThat(Integer.parseInt(reply.header("retry-after"))).isBetween(1, 60);
            assertThat(reply.header("x-ratelimit-limit-requests")).isEqualTo("20");
        }
        assertThat(user.balance()).isZero();
    }

    @Test
    void fiftyClientsAtOnceAndRandomEndsLeaveTheBooksRight() throws Exception {
        // Enough for some of them only.
        TestUser user = TestUser.payingFrom(server, 2_000);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String command = switch (random.nextInt(4)) {
                case 0 -> "fail " + random.nextInt(20);
                case 1 -> "count " + (1 + random.nextInt(20)) + " 1";
                default -> "echo " + "y".repeat(1 + random.nextInt(30));
            };
            bodies.add(TestServer.chat(
                    command, "'max_tokens': " + (1 + random.nextInt(40)), "'stream': " + random.nextBoolean()));
        }
        List<Reply> replies = AtOnce.run(bodies.size(), i -> server.post(PATH, user.key(), bodies.get(i)));

        assertThat(replies).allMatch(reply -> List.of(200, 429, 500).contains(reply.status()));
        assertClean();
        assertThat(user.balance()).isBetween(0L, 2_000L).isEqualTo(2_000 - user.usage("cost"));
        long whole = replies.stream()
                .filter(reply -> reply.status() == 200 && !reply.body().startsWith("data"))
                .mapToLong(reply ->
                        reply.json().get("usage").get("completion_tokens").longValue())
                .sum();
        assertThat(user.usage("completion_tokens")).isGreaterThanOrEqualTo(whole);
    }

    /** One kind of thing that happens to money, at random. */
    private Reply anything(RandomGenerator random, List<TestUser> users, String code) {
        TestUser user = users.get(random.nextInt(users.size()));
        return switch (random.nextInt(10)) {
            case 0 -> topUp(user, 1_000_000 + 10_000L * random.nextInt(50));
            case 1 -> server.post("/api/billing/vouchers", user.key(), "{'code': '" + code + "'}");
            case 2 -> refund(user, 10_000L * (1 + random.nextInt(150)));
            case 3 ->
                server.send(
                        "PUT",
                        "/api/billing/caps",
                        user.key(),
                        "{'kind': 'organisation', 'amount': "
                                + (random.nextInt(3) == 0 ? "null" : String.valueOf(random.nextInt(400))) + "}");
            default -> {
                String command = random.nextInt(3) == 0
                        ? "fail " + random.nextInt(20)
                        : "echo " + "y".repeat(1 + random.nextInt(30));
                yield server.post(
                        PATH,
                        user.key(),
                        TestServer.chat(
                                command,
                                "'max_tokens': " + (1 + random.nextInt(40)),
                                "'stream': " + random.nextBoolean()));
            }
        };
    }

    /** Tops up, and has the provider tell so twice. */
    private Reply topUp(TestUser user, long amount) {
        String id = server.post("/api/billing/top-ups", user.key(), "{'amount': " + amount + "}")
                .json()
                .get("payment_id")
                .stringValue();
        String path = "/api/billing/payments/" + id + "/test";
        Reply paid = server.post(path, user.key(), "{'outcome': 'pays'}");
        server.post(path, user.key(), "{'outcome': 'pays'}");
        return paid;
    }

    /** Refunds a part of some payment of the user. */
    private Reply refund(TestUser user, long amount) {
        JsonNode payments =
                server.get("/api/billing/payments", user.key()).json().get("data");
        String id = payments.isEmpty()
                ? "pay_none"
                : payments.get(payments.size() / 2).get("id").stringValue();
        return server.post("/api/admin/payments/" + id + "/refunds", server.adminKey(), "{'amount': " + amount + "}");
    }

    @Test
    void whateverHappensToMoneyAtOnceTheBooksAreRightAtAnyTime() throws Exception {
        List<TestUser> users = IntStream.range(0, 4)
                .mapToObj(i -> TestUser.payingFrom(server, 500))
                .toList();
        Card card = new Card();
        SubscriptionDesk desk = new SubscriptionDesk(server, new TestClock("2097-01-31T00:00:00Z"), card);
        TestUser subscriber = TestUser.onPlan(server, "free");
        desk.subscribe(subscriber, "plus");
        desk.clock.set("2097-02-28T00:00:00Z");
        String code = server.post("/api/admin/vouchers", server.adminKey(), "{'amount': 10000, 'max_redemptions': 2}")
                .json()
                .at("/codes/0")
                .stringValue();

        List<Integer> statuses = AtOnce.run(400, i -> {
            if (i % 40 == 0) {
                desk.renewals.once();
            }
            if (i % 20 == 0) {
                assertClean();
            }
            return anything(RandomGeneratorFactory.of("L64X128MixRandom").create(i), users, code)
                    .status();
        });

        assertThat(statuses)
                .allMatch(status -> List.of(200, 201, 404, 409, 429, 500).contains(status));
        assertClean();
        for (TestUser user : users) {
            assertThat(user.balance()).isGreaterThanOrEqualTo(0).isEqualTo(given(user) - user.usage("cost"));
        }
        assertThat(desk.earned(subscriber)).isEqualTo(40_000_000);
        assertThat(card.charged(subscriber.organisationId())).hasSize(1);
    }

    /** What payments, vouchers and gifts put on a wallet, less refunds, by the tables of each. */
    private long given(TestUser user) {
        return 500
                + server.bean(JdbcClient.class)
                        .sql("""
                                select (select coalesce(sum(amount - refunded), 0) from payment where organisation_id = ? and state = 'succeeded')
                                    + (select 10000 * count(*) from voucher_redemption where organisation_id = ?)
                                """)
                        .params(user.organisationId(), user.organisationId())
                        .query(Long.class)
                        .single();
    }

    private void assertClean() {
        try {
            AuditReport report = server.audit();
            assertThat(report.isClean()).as(report.toString()).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
