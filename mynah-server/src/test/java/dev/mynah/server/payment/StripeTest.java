package dev.mynah.server.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.server.AtOnce;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import dev.mynah.server.billing.Money;
import dev.mynah.server.store.Transactions;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Payments through Stripe, for which a server on this machine stands in; its events are signed here. One service for each database, since it is started with settings of its own. */
class StripeTest {
    private static final String SECRET = "whsec_test";
    private static final long AMOUNT = 25_000_000;

    @TempDir
    private Path dataDir;

    private int events;

    private static String signature(String body, Instant time) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] text = (time.getEpochSecond() + "." + body).getBytes(StandardCharsets.UTF_8);
            return "t=" + time.getEpochSecond() + ",v1=" + HexFormat.of().formatHex(mac.doFinal(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int post(TestServer server, String body, String signature) {
        return server.send(
                        HttpRequest.newBuilder()
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .header("Content-Type", "application/json")
                                .header("Stripe-Signature", signature),
                        "/api/webhooks/stripe",
                        "")
                .status();
    }

    private String event(String type, String object) {
        events++;
        return ("{'id': 'evt_" + events + "', 'type': '" + type + "', 'data': {'object': " + object + "}}")
                .replace('\'', '"');
    }

    private static int tell(TestServer server, String event) {
        return post(server, event, signature(event, Instant.now()));
    }

    private static String session(String payment) {
        return "{'id': 'cs_1', 'payment_intent': 'pi_of_" + payment
                + "', 'payment_status': 'paid', 'amount_total': 2500, 'currency': 'usd', 'metadata': {'payment': '"
                + payment + "'}}";
    }

    private static String intent(String payment, int cents) {
        return "{'id': 'pi_of_" + payment + "', 'amount_received': " + cents
                + ", 'currency': 'usd', 'customer': 'cus_1', 'payment_method': 'pm_1', 'setup_future_usage': 'off_session', 'metadata': {'payment': '"
                + payment + "'}}";
    }

    private static Reply topUp(TestServer server, TestUser user) {
        return server.post("/api/billing/top-ups", user.key(), "{'amount': " + AMOUNT + "}");
    }

    private static String begun(TestServer server, TestUser user) {
        return topUp(server, user).json().get("payment_id").stringValue();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void moneyMovesOnceHoweverItIsTold(TestDatabase database) throws Exception {
        try (FakeStripe stripe = new FakeStripe()) {
            Map<String, String> environment = new HashMap<>(database.environment());
            environment.putAll(Map.of(
                    "MYNAH_PAYMENTS_PROVIDER",
                    "stripe",
                    "MYNAH_PUBLIC_URL",
                    "https://mynah.example.com",
                    "MYNAH_PAYMENTS_STRIPE_API_URL",
                    stripe.url(),
                    "MYNAH_PAYMENTS_STRIPE_SECRET_KEY",
                    FakeStripe.KEY,
                    "MYNAH_PAYMENTS_STRIPE_WEBHOOK_SECRET",
                    SECRET));
            TestServer server = TestServer.start(dataDir, environment);
            try {
                topUps(server, stripe);
                lostEvents(server, stripe);
                forgeries(server);
                subscriptions(server, stripe);
                refunds(server, stripe);
                disputes(server);
                monthsThatBecameCredit(server, stripe);
                assertThat(server.audit()).matches(report -> report.isClean());
            } finally {
                server.close();
            }
        }
    }

    private void topUps(TestServer server, FakeStripe stripe) throws Exception {
        TestUser user = TestUser.onPlan(server, "payg");
        Reply page = topUp(server, user);
        String id = page.json().get("payment_id").stringValue();
        assertThat(page.json().get("url").stringValue()).startsWith("https://checkout.stripe.com/");
        assertThat(stripe.forms.getLast())
                .containsEntry("mode", "payment")
                .containsEntry("client_reference_id", id)
                .containsEntry("line_items[0][price_data][unit_amount]", "2500")
                .containsEntry("line_items[0][price_data][currency]", "usd")
                .containsEntry("payment_intent_data[metadata][payment]", id)
                .containsEntry("success_url", "https://mynah.example.com/account?payment=" + id);
        // Out of order, in two shapes, each many times at once.
        String late = event("checkout.session.expired", "{'metadata': {'payment': '" + id + "'}}");
        assertThat(tell(server, late)).isEqualTo(200);
        String paid = event("payment_intent.succeeded", intent(id, 2500));
        String completed = event("checkout.session.completed", session(id));
        List<Integer> told = AtOnce.run(20, i -> tell(server, i % 2 == 0 ? paid : completed));
        assertThat(told).containsOnly(200);
        assertThat(user.balance()).isEqualTo(AMOUNT);
        assertThat(tell(server, event("checkout.session.async_payment_failed", session(id))))
                .isEqualTo(200);
        assertThat(server.get("/api/billing/payments/" + id, user.key())
                        .json()
                        .get("state")
                        .stringValue())
                .isEqualTo("succeeded");
        // Another amount than was asked for.
        String other = begun(server, user);
        assertThat(tell(server, event("payment_intent.succeeded", intent(other, 1))))
                .isEqualTo(200);
        assertThat(user.balance()).isEqualTo(AMOUNT);
        stripe.next = "500 {}";
        assertThat(topUp(server, user).status()).isEqualTo(503);
        assertThat(server.get("/api/billing/payments", user.key())
                        .json()
                        .at("/data/0/state")
                        .stringValue())
                .isEqualTo("failed");
    }

    private static PaymentProvider.Standing look(TestServer server, String payment) {
        return server.bean(Payments.class)
                .provider(Stripe.ID)
                .look(server.bean(PaymentRepository.class).find(payment).orElseThrow());
    }

    /** The forms are those of Stripe's API reference, of Checkout sessions and payment intents. */
    private void lostEvents(TestServer server, FakeStripe stripe) {
        TestUser user = TestUser.onPlan(server, "payg");
        String id = begun(server, user);
        String page = "/v1/checkout/sessions/"
                + server.bean(PaymentRepository.class).find(id).orElseThrow().checkoutReference()
                + "?expand%5B%5D=payment_intent";
        String session = """
                {"object": "checkout.session", "status": "%s", "payment_status": "%s", "amount_total": 2500, "currency": "usd", "payment_intent": %s}
                """;
        String intent = """
                {"id": "pi_of_lost", "object": "payment_intent", "status": "%s", "amount_received": 2500, "currency": "usd", "customer": "cus_2",
                    "payment_method": "pm_2", "setup_future_usage": "off_session", "last_payment_error": {"message": "Your card has expired."}}
                """;
        stripe.objects.put(page, session.formatted("open", "unpaid", "null"));
        assertThat(look(server, id).result().state()).isEqualTo(PaymentProvider.State.PENDING);
        stripe.objects.put(page, session.formatted("expired", "unpaid", "null"));
        assertThat(look(server, id).result().state()).isEqualTo(PaymentProvider.State.FAILED);
        stripe.objects.put(page, session.formatted("complete", "unpaid", intent.formatted("processing")));
        assertThat(look(server, id).result().state()).isEqualTo(PaymentProvider.State.PENDING);
        stripe.objects.put(page, session.formatted("complete", "unpaid", intent.formatted("requires_payment_method")));
        assertThat(look(server, id).result().state()).isEqualTo(PaymentProvider.State.FAILED);
        stripe.objects.put(page, session.formatted("complete", "paid", intent.formatted("succeeded")));
        PaymentProvider.Standing paid = look(server, id);
        assertThat(paid)
                .isEqualTo(new PaymentProvider.Standing(
                        new PaymentProvider.Result(PaymentProvider.State.SUCCEEDED, "pi_of_lost", ""),
                        new Money(AMOUNT, "USD"),
                        new PaymentMethod("stripe", "cus_2", "pm_2")));

        // A charge that Stripe has under way is retrieved, and not made again.
        Payment charge = server.bean(Transactions.class).call(() -> {
            server.bean(PaymentRepository.class)
                    .setMethod(user.organisationId(), new PaymentMethod("stripe", "cus_2", "pm_2"), Instant.now());
            return server.bean(Payments.class)
                    .charge(
                            Payments.Order.by(
                                    user.caller(), Payment.Purpose.RENEWAL, "plus", 1, new Money(AMOUNT, "USD")),
                            Instant.now())
                    .orElseThrow();
        });
        stripe.next = "200 " + intent.formatted("processing");
        server.bean(PaymentBooks.class).charge(charge);
        // Nothing follows from what is not to be had.
        for (String answer : List.of("500 {}", "404 {}")) {
            stripe.next = answer;
            assertThatThrownBy(() -> look(server, charge.id())).isInstanceOf(ProviderException.class);
        }
        String money = "/v1/payment_intents/pi_of_lost";
        stripe.objects.put(money, intent.formatted("processing"));
        assertThat(look(server, charge.id()).result().state()).isEqualTo(PaymentProvider.State.PENDING);
        stripe.objects.put(money, intent.formatted("requires_payment_method"));
        assertThat(look(server, charge.id()).result().reason()).isEqualTo("Your card has expired.");
        stripe.objects.put(money, intent.formatted("succeeded"));
        int forms = stripe.forms.size();
        server.bean(JdbcClient.class)
                .sql("update payment set next_attempt_at = created_at where id = ?")
                .param(charge.id())
                .update();
        server.bean(PaymentBooks.class).askUnheard();
        assertThat(user.balance()).isEqualTo(AMOUNT);
        assertThat(stripe.forms).hasSize(forms);
    }

    private void forgeries(TestServer server) {
        TestUser user = TestUser.onPlan(server, "payg");
        String event = event("payment_intent.succeeded", intent(begun(server, user), 2500));
        Instant now = Instant.now();
        assertThat(post(server, event, "t=" + now.getEpochSecond() + ",v1=" + "0".repeat(64)))
                .isEqualTo(400);
        assertThat(post(server, event + " ", signature(event, now))).isEqualTo(400);
        Instant old = now.minus(Duration.ofMinutes(6));
        assertThat(post(server, event, signature(event, old))).isEqualTo(400);
        assertThat(post(server, "{", signature("{", now))).isEqualTo(400);
        assertThat(user.balance()).isZero();
        assertThat(post(server, event, signature(event, now))).isEqualTo(200);
        assertThat(user.balance()).isEqualTo(AMOUNT);
    }

    private void subscriptions(TestServer server, FakeStripe stripe) {
        TestUser user = TestUser.onPlan(server, "free");
        String id = server.post("/api/billing/plan", user.key(), "{'plan': 'plus'}")
                .json()
                .get("payment_id")
                .stringValue();
        assertThat(stripe.forms.getLast()).containsEntry("payment_intent_data[setup_future_usage]", "off_session");
        assertThat(tell(server, event("payment_intent.succeeded", intent(id, 2000))))
                .isEqualTo(200);
        assertThat(server.get("/api/billing", user.key())
                        .json()
                        .at("/subscription/state")
                        .stringValue())
                .isEqualTo("active");
        assertThat(user.balance()).isZero();
        // A renewal is an off-session charge of what the first payment left behind.
        PaymentProvider provider = server.bean(Payments.class).provider(Stripe.ID);
        Payment payment = server.bean(PaymentRepository.class).find(id).orElseThrow();
        PaymentMethod method = server.bean(PaymentRepository.class)
                .method(user.organisationId())
                .orElseThrow();
        assertThat(method).isEqualTo(new PaymentMethod("stripe", "cus_1", "pm_1"));
        Payment renewal = server.bean(Payments.class)
                .charge(
                        Payments.Order.by(user.caller(), Payment.Purpose.RENEWAL, "plus", 1, payment.amount()),
                        Instant.now())
                .orElseThrow();
        assertThat(provider.charge(renewal, method).state()).isEqualTo(PaymentProvider.State.SUCCEEDED);
        assertThat(provider.charge(renewal, method)).isEqualTo(provider.charge(renewal, method));
        assertThat(stripe.forms.getLast())
                .containsEntry("off_session", "true")
                .containsEntry("confirm", "true")
                .containsEntry("amount", "2000")
                .containsEntry("customer", "cus_1")
                .containsEntry("payment_method", "pm_1");
        stripe.next = "402 {\"error\": {\"type\": \"card_error\", \"message\": \"Your card was declined.\"}}";
        assertThat(provider.charge(renewal, method))
                .isEqualTo(PaymentProvider.Result.failed("Your card was declined."));
        assertThat(tell(server, event("payment_intent.payment_failed", intent(renewal.id(), 0))))
                .isEqualTo(200);
        assertThat(server.bean(PaymentRepository.class)
                        .find(renewal.id())
                        .orElseThrow()
                        .state())
                .isEqualTo(Payment.State.FAILED);
    }

    private void refunds(TestServer server, FakeStripe stripe) {
        TestUser user = TestUser.onPlan(server, "payg");
        String id = begun(server, user);
        String dashboard = event(
                "refund.created",
                "{'id': 're_other', 'status': 'succeeded', 'amount': 500, 'currency': 'usd', 'payment_intent': 'pi_of_"
                        + id + "'}");
        // Of a payment that is not booked yet: to come again.
        assertThat(tell(server, dashboard)).isEqualTo(409);
        tell(server, event("payment_intent.succeeded", intent(id, 2500)));
        String path = "/api/admin/payments/" + id + "/refunds";
        assertThat(server.post(path, server.adminKey(), "{'amount': 1000000}")
                        .json()
                        .get("state")
                        .stringValue())
                .isEqualTo("succeeded");
        assertThat(stripe.forms.getLast())
                .containsEntry("payment_intent", "pi_of_" + id)
                .containsEntry("amount", "100");
        assertThat(user.balance()).isEqualTo(24_000_000);
        stripe.next = "400 {\"error\": {\"message\": \"This charge is disputed.\"}}";
        assertThat(server.post(path, server.adminKey(), "{'amount': 1000000}")
                        .json()
                        .get("failure")
                        .stringValue())
                .isEqualTo("This charge is disputed.");
        assertThat(user.balance()).isEqualTo(24_000_000);
        stripe.next = "503 {}";
        String unknown = server.post(path, server.adminKey(), "{'amount': 2000000}")
                .json()
                .get("id")
                .stringValue();
        assertThat(user.balance()).isEqualTo(22_000_000);
        String made = "{'id': 're_late', 'status': '%s', 'amount': 200, 'currency': 'usd', 'metadata': {'refund': '"
                + unknown + "'}}";
        assertThat(tell(server, event("refund.updated", made.formatted("succeeded"))))
                .isEqualTo(200);
        assertThat(user.balance()).isEqualTo(22_000_000);
        assertThat(tell(server, event("refund.failed", made.formatted("failed"))))
                .isEqualTo(200);
        assertThat(user.balance()).isEqualTo(24_000_000);
        assertThat(tell(server, dashboard)).isEqualTo(200);
        assertThat(tell(server, dashboard)).isEqualTo(200);
        assertThat(user.balance()).isEqualTo(19_000_000);
        refundsUnderWay(server, stripe, user, path);
    }

    /** Whose event is lost: one waits for its customer to say where the money is to go, and fails in the end. */
    private static void refundsUnderWay(TestServer server, FakeStripe stripe, TestUser user, String path) {
        stripe.next = "200 {\"id\": \"re_slow\", \"status\": \"requires_action\"}";
        String slow = server.post(path, server.adminKey(), "{'amount': 3000000}")
                .json()
                .get("id")
                .stringValue();
        assertThat(user.balance()).isEqualTo(16_000_000);
        int forms = stripe.forms.size();
        for (String status : List.of("pending", "failed")) {
            stripe.objects.put("/v1/refunds/re_slow", "{\"id\": \"re_slow\", \"status\": \"" + status + "\"}");
            server.bean(JdbcClient.class)
                    .sql("update refund set next_attempt_at = created_at where id = ?")
                    .param(slow)
                    .update();
            server.bean(Refunds.class).askUnheard();
            assertThat(user.balance()).isEqualTo(status.equals("pending") ? 16_000_000 : 19_000_000);
        }
        assertThat(stripe.forms).hasSize(forms);
    }

    private void monthsThatBecameCredit(TestServer server, FakeStripe stripe) {
        TestUser user = TestUser.onPlan(server, "free");
        String id = server.post("/api/billing/plan", user.key(), "{'plan': 'plus'}")
                .json()
                .get("payment_id")
                .stringValue();
        tell(server, event("payment_intent.succeeded", intent(id, 2000)));
        server.post("/api/billing/plan", user.key(), "{'plan': 'payg'}");
        assertThat(user.balance()).isEqualTo(20_000_000);
        stripe.next = "400 {\"error\": {\"message\": \"This charge is disputed.\"}}";
        server.post("/api/admin/payments/" + id + "/refunds", server.adminKey(), "{}");
        assertThat(user.balance()).isEqualTo(20_000_000);
        tell(server, event("charge.dispute.created", dispute("dp_month", id, "needs_response")));
        assertThat(user.balance()).isZero();
        tell(server, event("charge.dispute.closed", dispute("dp_month", id, "won")));
        assertThat(user.balance()).isEqualTo(20_000_000);
        tell(
                server,
                event(
                        "refund.created",
                        "{'id': 're_month', 'status': 'succeeded', 'amount': 500, 'currency': 'usd', 'payment_intent': 'pi_of_"
                                + id + "'}"));
        assertThat(user.balance()).isEqualTo(15_000_000);
    }

    private static String dispute(String id, String payment, String status) {
        return "{'id': '" + id
                + "', 'object': 'dispute', 'amount': 2500, 'currency': 'usd', 'reason': 'fraudulent', 'status': '"
                + status + "', 'charge': 'ch_1', 'payment_intent': 'pi_of_" + payment + "'}";
    }

    private static Reply ask(TestServer server, TestUser user) {
        return server.post("/v1/chat/completions", user.key(), TestServer.chat("echo a"));
    }

    private String credited(TestServer server, TestUser user) {
        String id = begun(server, user);
        tell(server, event("payment_intent.succeeded", intent(id, 2500)));
        return id;
    }

    private void disputes(TestServer server) throws Exception {
        TestUser user = TestUser.onPlan(server, "payg");
        String id = begun(server, user);
        String opened = event("charge.dispute.created", dispute("dp_1", id, "needs_response"));
        // Of a payment that is not booked yet: to come again.
        assertThat(tell(server, opened)).isEqualTo(409);
        tell(server, event("payment_intent.succeeded", intent(id, 2500)));
        String inquiry = dispute("dp_0", id, "warning_needs_response");
        assertThat(tell(server, event("charge.dispute.created", inquiry))).isEqualTo(200);
        assertThat(user.balance()).isEqualTo(AMOUNT);
        assertThat(ask(server, user).status()).isEqualTo(200);
        long spent = AMOUNT - user.balance();
        assertThat(spent).isPositive();

        // What is left is taken off, the house bears what was spent, and nothing is answered; however often it is told.
        String withdrawn = event("charge.dispute.funds_withdrawn", dispute("dp_1", id, "under_review"));
        assertThat(AtOnce.run(10, i -> tell(server, i % 2 == 0 ? opened : withdrawn)))
                .containsOnly(200);
        assertThat(user.balance()).isZero();
        Reply refused = ask(server, user);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().at("/error/code").stringValue()).isEqualTo("payment_disputed");
        Reply training =
                server.post("/v1/fine_tuning/jobs", user.key(), "{'model': 'stub', 'training_file': 'file-1'}");
        assertThat(training.json().at("/error/code").stringValue()).isEqualTo("payment_disputed");
        assertThat(server.post("/api/admin/payments/" + id + "/refunds", server.adminKey(), "{'amount': 1000000}")
                        .status())
                .isEqualTo(409);

        // Won: all of it is back.
        String won = event("charge.dispute.closed", dispute("dp_1", id, "won"));
        assertThat(AtOnce.run(10, i -> tell(server, won))).containsOnly(200);
        tell(server, event("charge.dispute.funds_reinstated", dispute("dp_1", id, "won")));
        assertThat(tell(server, event("charge.dispute.updated", dispute("dp_1", id, "under_review"))))
                .isEqualTo(200);
        assertThat(user.balance()).isEqualTo(AMOUNT - spent);
        assertThat(ask(server, user).status()).isEqualTo(200);
        List<String> told = server.get("/api/billing/notices", user.key())
                .json()
                .get("data")
                .findValuesAsString("kind");
        assertThat(told).contains("disputed", "dispute_won").doesNotContain("refunded", "refund_failed");

        // Lost, and told of at its end only: what was paid is gone, later payments stay.
        TestUser other = TestUser.onPlan(server, "payg");
        String lost = credited(server, other);
        assertThat(tell(server, event("charge.dispute.closed", dispute("dp_2", lost, "lost"))))
                .isEqualTo(200);
        assertThat(other.balance()).isZero();
        credited(server, other);
        assertThat(tell(server, event("charge.dispute.created", dispute("dp_2", lost, "needs_response"))))
                .isEqualTo(200);
        assertThat(other.balance()).isEqualTo(AMOUNT);
        assertThat(ask(server, other).status()).isEqualTo(200);
    }
}
