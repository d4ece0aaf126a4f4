package dev.mynah.server.voucher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.AtOnce;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class VoucherTest {
    private final TestServer server;

    VoucherTest(TestDatabase database) {
        server = TestServer.on(database);
    }

    private JsonNode make(String more) {
        Reply reply = server.post("/api/admin/vouchers", server.adminKey(), "{'amount': 5000000" + more + "}");
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        return reply.json();
    }

    private static String code(JsonNode made) {
        return made.at("/codes/0").stringValue();
    }

    private Reply redeem(TestUser user, String code) {
        return server.post("/api/billing/vouchers", user.key(), "{'code': '" + code + "'}");
    }

    private static String error(Reply reply) {
        return reply.json().at("/error/code").stringValue();
    }

    @Test
    void aCodeIsRedeemedAsOftenAsItMayAndOnceByEach() throws Exception {
        String code = code(make(", 'max_redemptions': 3"));
        List<TestUser> users = IntStream.range(0, 10)
                .mapToObj(i -> TestUser.onPlan(server, "payg"))
                .toList();

        List<Reply> replies = AtOnce.run(40, i -> redeem(users.get(i % 10), code));

        assertThat(replies.stream().filter(reply -> reply.status() == 200)).hasSize(3);
        assertThat(replies.stream().filter(reply -> reply.status() != 200))
                .allMatch(reply -> error(reply).equals("voucher_used"));
        assertThat(users.stream().map(TestUser::balance).filter(balance -> balance == 5_000_000L))
                .hasSize(3);
        assertThat(users.stream().mapToLong(TestUser::balance).sum()).isEqualTo(15_000_000);
        assertThat(server.audit()).matches(report -> report.isClean());
    }

    @Test
    void codesAreLongAndNowhereStored() {
        JsonNode made = make(", 'count': 20, 'note': 'spring'");
        Set<String> codes = new HashSet<>();
        made.get("codes").forEach(code -> codes.add(code.stringValue()));
        // 26 characters of 5 bits.
        assertThat(codes).hasSize(20).allMatch(code -> code.replace("-", "").matches("[0-9A-HJKMNP-TV-Z]{26}"));
        String stored = server.bean(JdbcClient.class)
                .sql("select * from voucher")
                .query()
                .listOfRows()
                .toString();
        assertThat(codes).noneMatch(code -> stored.contains(code) || stored.contains(code.replace("-", "")));
        JsonNode batch = server.get("/api/admin/vouchers?limit=1", server.adminKey())
                .json()
                .at("/data/0");
        assertThat(batch.get("note").stringValue()).isEqualTo("spring");
        assertThat(batch.get("codes").intValue()).isEqualTo(20);
        assertThat(batch.toString()).doesNotContain(codes);
    }

    @Test
    void aCodeMayBeTypedAsPeopleDo() {
        TestUser user = TestUser.onPlan(server, "payg");
        String code = code(make(""));
        String typed = code.toLowerCase(Locale.ROOT)
                .replace("-", " ")
                .replace('0', 'o')
                .replace('1', 'l');
        assertThat(redeem(user, typed).json().get("amount").longValue()).isEqualTo(5_000_000);
        assertThat(error(redeem(user, code))).isEqualTo("voucher_used");
        assertThat(user.balance()).isEqualTo(5_000_000);
    }

    @Test
    void whatIsOverIsOver() {
        TestUser user = TestUser.onPlan(server, "payg");
        assertThat(error(redeem(user, code(make(", 'expires_at': 1700000000")))))
                .isEqualTo("voucher_expired");
        JsonNode revoked = make("");
        String path = "/api/admin/vouchers/" + revoked.get("batch_id").stringValue();
        assertThat(server.send("DELETE", path, server.adminKey(), "").status()).isEqualTo(204);
        assertThat(server.send("DELETE", path, server.adminKey(), "").status()).isEqualTo(404);
        assertThat(error(redeem(user, code(revoked)))).isEqualTo("unknown_voucher");
        for (String none : List.of("", "x", "0".repeat(26), "0".repeat(5000), "É".repeat(26))) {
            assertThat(error(redeem(user, none))).isEqualTo("unknown_voucher");
        }
        assertThat(user.balance()).isZero();
        assertThat(server.post("/api/admin/vouchers", user.key(), "{'amount': 1000000}")
                        .status())
                .isEqualTo(403);
        for (String bad : List.of(
                "'amount': 5",
                "'amount': 0",
                "'amount': 1000000, 'currency': 'EUR'",
                "'amount': 1000000, 'count': 1001")) {
            assertThat(server.post("/api/admin/vouchers", server.adminKey(), "{" + bad + "}")
                            .status())
                    .as(bad)
                    .isEqualTo(400);
        }
    }
}
