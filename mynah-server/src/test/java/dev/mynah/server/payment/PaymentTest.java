package dev.mynah.server.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.AtOnce;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import dev.mynah.server.account.UserRepository;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Payments through the test provider. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class PaymentTest {
    private static final String PATH = "/v1/chat/completions";

    private final TestServer server;

    PaymentTest(TestDatabase database) {
        server = TestServer.on(database);
    }

    private JsonNode topUp(TestUser user, long amount, String key) {
        Reply reply = server.send(
                HttpRequest.newBuilder()
                        .POST(HttpRequest.BodyPublishers.ofString("{\"amount\": " + amount + "}"))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key),
                "/api/billing/top-ups",
                user.key());
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json();
    }

    private Reply outcome(TestUser user, String payment, String outcome) {
        return server.post("/api/billing/payments/" + payment + "/test", user.key(), "{'outcome': '" + outcome + "'}");
    }

    private String paid(TestUser user, long amount) {
        String id = topUp(user, amount, "key-" + amount).get("payment_id").stringValue();
        assertThat(outcome(user, id, "pays").status()).isEqualTo(200);
        return id;
    }

    private Reply refund(String payment, String body) {
        return server.post("/api/admin/payments/" + payment + "/refunds", server.adminKey(), body);
    }

    private List<String> notices(TestUser user) {
        return server.get("/api/billing/notices", user.key())
                .json()
                .get("data")
                .valueStream()
                .map(notice -> notice.get("kind").stringValue())
                .toList();
    }

    private void assertClean() throws Exception {
        assertThat(server.audit()).matches(report -> report.isClean());
    }

    @Test
    void aPaymentIsBookedOnceHoweverOftenItIsTold() throws Exception {
        TestUser user = TestUser.onPlan(server, "payg");
        JsonNode begun = topUp(user, 12_340_000, "one");
        assertThat(topUp(user, 12_340_000, "one")).isEqualTo(begun);
        String id = begun.get("payment_id").stringValue();
        assertThat(begun.get("url").stringValue()).isEqualTo("/pay/" + id);
        assertThat(user.balance()).isZero();
        assertThat(outcome(user, id, "declines").json().get("state").stringValue())
                .isEqualTo("failed");

        List<Integer> told = AtOnce.run(20, i -> outcome(user, id, "pays").status());

        assertThat(told).contains(200).allMatch(status -> status == 200 || status == 409);
        assertThat(user.balance()).isEqualTo(12_340_000);
        assertThat(outcome(user, id, "declines").status()).isEqualTo(409);
        TestUser other = TestUser.onPlan(server, "payg");
        assertThat(outcome(other, id, "pays").status()).isEqualTo(404);
        assertThat(server.get("/api/billing/payments/" + id, other.key()).status())
                .isEqualTo(404);
        JsonNode own = server.get("/api/billing/payments", user.key()).json().get("data");
        assertThat(own).hasSize(1);
        assertThat(own.get(0).get("state").stringValue()).isEqualTo("succeeded");
        assertThat(notices(user)).containsExactly("payment_failed");
        assertClean();
    }

    @Test
    void impossibleAmountsAreRefused() {
        TestUser user = TestUser.onPlan(server, "payg");
        for (String amount : List.of("0", "-1000000", "990000", "1000001", "1.5", "10000010000", "'1000000'", "null")) {
            Reply reply = server.post("/api/billing/top-ups", user.key(), "{'amount': " + amount + "}");
            assertThat(reply.status()).as(amount + " " + reply.body()).isEqualTo(400);
        }
        assertThat(server.get("/api/billing/payments", user.key()).json().get("data"))
                .isEmpty();
    }

    @Test
    void neverMoreIsRefundedThanWasPaid() throws Exception {
        TestUser user = TestUser.onPlan(server, "payg");
        String id = paid(user, 10_000_000);
        assertThat(refund(id, "{'amount': 10010000}").status()).isEqualTo(409);
        assertThat(refund(id, "{'amount': 15}").status()).isEqualTo(400);
        assertThat(refund("pay_none", "{}").status()).isEqualTo(404);
        assertThat(server.post("/api/admin/payments/" + id + "/refunds", user.key(), "{}")
                        .status())
                .isEqualTo(403);

        List<Integer> refunds = AtOnce.run(
                20, i -> refund(id, "{'amount': 800000, 'reason': 'asked'}").status());
        assertThat(refunds.stream().filter(status -> status == 201)).hasSize(12);
        assertThat(refunds.stream().filter(status -> status == 409)).hasSize(8);
        assertThat(user.balance()).isEqualTo(400_000);
        assertThat(refund(id, "{}").json().get("amount").longValue()).isEqualTo(400_000);
        assertThat(refund(id, "{}").status()).isEqualTo(409);
        assertThat(user.balance()).isZero();
        JsonNode listed = server.get("/api/admin/payments?organisation_id=" + user.organisationId(), server.adminKey())
                .json()
                .at("/data/0");
        assertThat(listed.get("refunds")).hasSize(13);
        assertThat(listed.at("/payment/refunded").longValue()).isEqualTo(10_000_000);
        assertThat(server.get("/api/admin/audit?limit=1", server.adminKey())
                        .json()
                        .at("/data/0/action")
                        .stringValue())
                .isEqualTo("payment.refund");
        assertClean();
    }

    @Test
    void whatWasUsedIsNotRefundedAndALowBalanceIsToldOnce() throws Exception {
        TestUser user = TestUser.onPlan(server, "payg");
        String id = paid(user, 1_000_000);
        assertThat(server.send("PUT", "/api/billing/low-balance", user.key(), "{'amount': 999998}")
                        .status())
                .isEqualTo(204);
        assertThat(notices(user)).isEmpty();
        UserRepository users = server.bean(UserRepository.class);
        users.setEmailVerified(user.userId(), Instant.now());
        for (int i = 0; i < 3; i++) {
            server.post(PATH, user.key(), TestServer.chat("echo abc"));
        }
        assertThat(user.balance()).isEqualTo(1_000_000 - 9);
        assertThat(notices(user)).containsExactly("low_balance");
        String owner = users.find(user.userId()).orElseThrow().email();
        assertThat(server.mailbox().await(owner, 1).subject()).startsWith("Your balance is low / ");
        assertThat(refund(id, "{}").json().at("/error/code").stringValue()).isEqualTo("balance_too_low");
        paid(user, 2_000_000);
        assertThat(refund(id, "{'amount': 990000}").status()).isEqualTo(201);
        assertThat(refund(id, "{'amount': 10000}").status()).isEqualTo(201);
        assertThat(notices(user)).containsExactly("refunded", "refunded", "low_balance");
        String unread = server.get("/api/billing/notices", user.key())
                .json()
                .at("/data/0/id")
                .stringValue();
        assertThat(server.post("/api/billing/notices/" + unread + "/read", user.key(), "{}")
                        .status())
                .isEqualTo(204);
        assertThat(server.post("/api/billing/notices/" + unread + "/read", user.key(), "{}")
                        .status())
                .isEqualTo(404);
        assertClean();
    }

    private String plan(TestUser user, String plan) {
        return server.post("/api/billing/plan", user.key(), "{'plan': '" + plan + "'}")
                .json()
                .path("payment_id")
                .asString("");
    }

    @Test
    void aMonthThatBecameCreditIsNotPaidOutTwice() throws Exception {
        TestUser user = TestUser.onPlan(server, "free");
        String month = plan(user, "plus");
        String second = plan(user, "plus");
        outcome(user, month, "pays");
        outcome(user, second, "pays");
        // Two pages were paid: the second payment is credit, and comes off the balance as such.
        assertThat(user.balance()).isEqualTo(20_000_000);
        assertThat(refund(second, "{'amount': 15000000}").status()).isEqualTo(201);
        assertThat(user.balance()).isEqualTo(5_000_000);
        // Of the month nothing is credit yet.
        assertThat(refund(month, "{'amount': 1000000}").status()).isEqualTo(201);
        assertThat(user.balance()).isEqualTo(5_000_000);

        assertThat(plan(user, "payg")).isEmpty();
        assertThat(user.balance()).isEqualTo(25_000_000);
        assertThat(refund(month, "{'amount': 4000000}").status()).isEqualTo(201);
        assertThat(user.balance()).isEqualTo(21_000_000);
        assertThat(refund(month, "{}").json().get("amount").longValue()).isEqualTo(15_000_000);
        assertThat(user.balance()).isEqualTo(6_000_000);
        assertThat(refund(second, "{}").status()).isEqualTo(201);
        assertThat(user.balance()).isEqualTo(1_000_000);
        assertClean();
    }
}
