package dev.mynah.server.statement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.AtOnce;
import dev.mynah.server.TestClock;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import dev.mynah.server.billing.Money;
import dev.mynah.server.billing.Wallets;
import dev.mynah.server.store.Times;
import dev.mynah.server.store.Transactions;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Statements, of months that are over: on a service of its own, since a month that is closed stays so. */
class StatementTest {
    @TempDir
    private Path dataDir;

    private static void book(TestServer server, TestUser user, String kind, long micros, String at) {
        Money amount = new Money(Math.abs(micros), "USD");
        Instant now = Instant.parse(at);
        String reference = user.userId() + at;
        server.bean(Transactions.class).run(() -> {
            if (micros > 0) {
                server.bean(Wallets.class).credit(user.organisationId(), kind, reference, kind, amount, now);
            } else {
                server.bean(Wallets.class).debit(user.organisationId(), kind, reference, kind, amount, now);
            }
        });
    }

    /** Has a user's answers of now happen in another month. */
    private static void move(TestServer server, TestUser user, String to) {
        JdbcClient jdbc = server.bean(JdbcClient.class);
        jdbc.sql("""
                        update ledger_transfer set created_at = ? where kind = 'answer' and id in
                            (select e.transfer_id from ledger_entry e join ledger_account a on a.id = e.account_id where a.organisation_id = ?)
                        """)
                .params(Times.sql(Instant.parse(to)), user.organisationId())
                .update();
        jdbc.sql("update usage_record set created_at = ? where organisation_id = ?")
                .params(Times.sql(Instant.parse(to)), user.organisationId())
                .update();
    }

    private static List<JsonNode> statements(TestServer server, TestUser user) {
        return server.get("/api/billing/statements", user.key())
                .json()
                .get("data")
                .valueStream()
                .toList()
                .reversed();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aClosedMonthIsStatedOnceAndAddsUp(TestDatabase database) throws Exception {
        TestServer server = TestServer.start(dataDir, database.environment());
        try {
            TestUser ada = TestUser.onPlan(server, "payg");
            TestUser eve = TestUser.onPlan(server, "payg");
            book(server, ada, "grant", 1_000_000, "2026-01-31T23:59:59.999999Z");
            for (String text : List.of("abc", "abcd", "abcde")) {
                assertThat(server.post("/v1/chat/completions", ada.key(), TestServer.chat("echo " + text))
                                .status())
                        .isEqualTo(200);
            }
            long cost = ada.usage("cost");
            move(server, ada, "2026-02-10T00:00:00Z");
            book(server, ada, "grant", -300_000, "2026-02-28T12:00:00Z");
            book(server, eve, "grant", 5, "2026-02-01T00:00:00Z");
            TestClock clock = new TestClock("2026-02-28T23:59:59Z");
            Statements desk =
                    new Statements(server.bean(StatementRepository.class), server.bean(Transactions.class), clock);
            Statements replica =
                    new Statements(server.bean(StatementRepository.class), server.bean(Transactions.class), clock);

            desk.once();
            assertThat(statements(server, ada)).hasSize(1);
            clock.set("2026-03-01T00:59:59Z");
            desk.once();
            assertThat(statements(server, ada)).hasSize(1);
            clock.set("2026-04-02T00:00:00Z");
            AtOnce.run(8, i -> {
                (i % 2 == 0 ? desk : replica).once();
                return i;
            });

            List<JsonNode> months = statements(server, ada);
            assertThat(months).hasSize(3).allMatch(StatementTest::addsUp);
            JsonNode february = months.get(1);
            assertThat(february.get("opening").longValue()).isEqualTo(1_000_000);
            assertThat(february.get("closing").longValue()).isEqualTo(700_000 - cost);
            assertThat(february.get("usage")).hasSize(2);
            assertThat(february.at("/usage/0/direction").stringValue()).isEqualTo("input");
            assertThat(february.at("/usage/1/tokens").longValue()).isEqualTo(4 + 5 + 6);
            assertThat(february.get("entries")).hasSize(1);
            assertThat(months.get(2).get("opening")).isEqualTo(february.get("closing"));
            assertThat(statements(server, eve)).hasSize(2);
            JsonNode all = server.get("/api/admin/statements", server.adminKey())
                    .json()
                    .get("data");
            assertThat(all.valueStream()
                            .map(one -> one.get("number").longValue())
                            .sorted())
                    .containsExactly(1L, 2L, 3L, 4L, 5L);
            formats(server, ada, eve, february);
            assertThat(server.audit()).matches(report -> report.isClean());
        } finally {
            server.close();
        }
    }

    private static boolean addsUp(JsonNode statement) {
        long usage = sum(statement.get("usage")) + statement.get("rounding").longValue();
        return statement.get("opening").longValue() - usage + sum(statement.get("entries"))
                == statement.get("closing").longValue();
    }

    private static long sum(JsonNode lines) {
        return lines.valueStream()
                .mapToLong(line -> line.get("amount").longValue())
                .sum();
    }

    private static void formats(TestServer server, TestUser ada, TestUser eve, JsonNode statement) {
        String path = "/api/billing/statements/" + statement.get("id").stringValue();
        assertThat(server.get(path, ada.key()).json()).isEqualTo(statement);
        assertThat(server.get(path, eve.key()).status()).isEqualTo(404);
        assertThat(server.get(path + "/csv", eve.key()).status()).isEqualTo(404);
        Reply csv = server.get(path + "/csv", ada.key());
        assertThat(csv.header("content-type")).startsWith("text/csv");
        List<String> lines = csv.body().lines().toList();
        assertThat(lines.getFirst()).isEqualTo("kind,time,subject,direction,tokens,price_per_million,amount_USD");
        BigDecimal sum = lines.subList(1, lines.size() - 1).stream()
                .map(line -> new BigDecimal(line.substring(line.lastIndexOf(',') + 1)))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(sum)
                .isEqualByComparingTo(lines.getLast().substring(lines.getLast().lastIndexOf(',') + 1));
    }
}
