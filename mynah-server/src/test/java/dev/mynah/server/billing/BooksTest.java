package dev.mynah.server.billing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import dev.mynah.server.ops.AuditReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

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
                atOnce(40, i -> server.post(PATH, user.key(), TestServer.chat("echo a", "'max_tokens': 5")));

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
        List<Reply> replies = atOnce(bodies.size(), i -> server.post(PATH, user.key(), bodies.get(i)));

        assertThat(replies).allMatch(reply -> List.of(200, 429, 500).contains(reply.status()));
        AuditReport report = server.audit();
        assertThat(report.isClean()).as(report.toString()).isTrue();
        assertThat(user.balance()).isBetween(0L, 2_000L).isEqualTo(2_000 - user.usage("cost"));
        long whole = replies.stream()
                .filter(reply -> reply.status() == 200 && !reply.body().startsWith("data"))
                .mapToLong(reply ->
                        reply.json().get("usage").get("completion_tokens").longValue())
                .sum();
        assertThat(user.usage("completion_tokens")).isGreaterThanOrEqualTo(whole);
    }

    private interface Request {
        Reply send(int number);
    }

    /** Sends requests from 50 clients at once. */
    private static List<Reply> atOnce(int count, Request request) throws Exception {
        try (ExecutorService clients = Executors.newFixedThreadPool(50)) {
            List<Future<Reply>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                futures.add(clients.submit(() -> request.send(number)));
            }
            List<Reply> replies = new ArrayList<>();
            for (Future<Reply> future : futures) {
                replies.add(future.get());
            }
            return replies;
        }
    }
}
