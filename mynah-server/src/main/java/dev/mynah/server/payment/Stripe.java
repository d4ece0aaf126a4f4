package dev.mynah.server.payment;

import dev.mynah.server.billing.MinorUnits;
import dev.mynah.server.billing.Money;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/**
 * Payments through Stripe: the customer pays on a page of Checkout, and renewals are off-session PaymentIntents with the method that it kept. Subscriptions are this service's own, so that they
 * work alike with every provider.
 */
public final class Stripe implements PaymentProvider {
    /** Its name. */
    public static final String ID = "stripe";

    /** In the metadata of what is made at Stripe: the name of the payment or refund here. */
    static final String PAYMENT = "payment";

    static final String REFUND = "refund";

    private final StripeApi api;
    private final URI publicUrl;

    public Stripe(PaymentSettings.Stripe settings) {
        this.api = new StripeApi(settings);
        this.publicUrl = settings.publicUrl();
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Checkout checkout(Payment payment, @Nullable PaymentMethod method) {
        String back = publicUrl + "/account?payment=" + payment.id();
        Map<String, String> form = new LinkedHashMap<>();
        form.put("mode", "payment");
        form.put("client_reference_id", payment.id());
        form.put("metadata[" + PAYMENT + "]", payment.id());
        form.put("payment_intent_data[metadata][" + PAYMENT + "]", payment.id());
        form.put("success_url", back);
        form.put("cancel_url", back);
        form.put("line_items[0][quantity]", "1");
        form.put("line_items[0][price_data][currency]", currency(payment));
        form.put("line_items[0][price_data][unit_amount]", units(payment));
        form.put(
                "line_items[0][price_data][product_data][name]",
                payment.planId() == null ? "Credit" : "Subscription: " + payment.planId());
        if (method != null) {
            form.put("customer", method.customer());
        }
        if (payment.purpose() != Payment.Purpose.TOP_UP) {
            form.put("payment_intent_data[setup_future_usage]", "off_session");
            if (method == null) {
                form.put("customer_creation", "always");
            }
        }
        StripeApi.Reply reply = api.post("/v1/checkout/sessions", payment.id(), form);
        String url = reply.body().path("url").asString("");
        if (!reply.isDone() || url.isEmpty()) {
            throw new ProviderException("Stripe made no Checkout session: " + reply.reason());
        }
        return new Checkout(reply.body().path("id").asString(""), url);
    }

    @Override
    public Result charge(Payment payment, PaymentMethod method) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("amount", units(payment));
        form.put("currency", currency(payment));
        form.put("customer", method.customer());
        form.put("payment_method", method.method());
        form.put("off_session", "true");
        form.put("confirm", "true");
        form.put("metadata[" + PAYMENT + "]", payment.id());
        return result(api.post("/v1/payment_intents", payment.id(), form));
    }

    @Override
    public Standing look(Payment payment) {
        if (payment.checkoutReference() != null) {
            return page(payment, payment.checkoutReference());
        }
        StripeApi.Reply reply = api.get("/v1/payment_intents/" + payment.paymentReference());
        Result result = result(reply);
        return new Standing(
                result,
                result.state() == State.SUCCEEDED ? money(reply.body(), "amount_received") : payment.amount(),
                null);
    }

    /** The customer may try again on a page until it expires; what a bank confirms later is under way when the page is complete. */
    private Standing page(Payment payment, String reference) {
        JsonNode session = api.get("/v1/checkout/sessions/" + reference + "?expand%5B%5D=payment_intent")
                .body();
        JsonNode intent = session.path("payment_intent");
        String status = session.path("status").asString("");
        if (session.path("payment_status").asString("").equals("paid")) {
            return new Standing(
                    new Result(State.SUCCEEDED, text(intent, "id"), ""),
                    money(session, "amount_total"),
                    laterMethod(intent));
        }
        boolean refused = status.equals("complete")
                && intent.path("status").asString("").matches("requires_payment_method|canceled");
        return new Standing(
                status.equals("expired") || refused
                        ? Result.failed(refused ? "the payment was not made" : "the page to pay on expired")
                        : new Result(State.PENDING, null, ""),
                payment.amount(),
                null);
    }

    /** The method that the customer left for later charges with a payment that was made, or null. */
    static @Nullable PaymentMethod laterMethod(JsonNode intent) {
        @Nullable String customer = text(intent, "customer");
        @Nullable String method = text(intent, "payment_method");
        boolean left = intent.path("setup_future_usage").asString("").equals("off_session");
        return left && customer != null && method != null ? new PaymentMethod(ID, customer, method) : null;
    }

    static @Nullable String text(JsonNode object, String key) {
        return object.path(key).isString() ? object.path(key).stringValue() : null;
    }

    /** @throws IllegalArgumentException if it is no amount */
    static Money money(JsonNode object, String key) {
        String currency = object.path("currency").asString("").toUpperCase(Locale.ROOT);
        return new Money(Math.multiplyExact(object.path(key).asLong(0), MinorUnits.micros(currency)), currency);
    }

    @Override
    public Result refund(Refund refund, Payment payment) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("payment_intent", String.valueOf(payment.paymentReference()));
        form.put("amount", String.valueOf(MinorUnits.of(refund.amount())));
        form.put("metadata[" + REFUND + "]", refund.id());
        return refunded(api.post("/v1/refunds", refund.id(), form));
    }

    @Override
    public Result look(String refundReference) {
        return refunded(api.get("/v1/refunds/" + refundReference));
    }

    /** Unlike a charge, a refund may wait for its customer, whom Stripe asks where the money is to go. */
    private static Result refunded(StripeApi.Reply reply) {
        boolean waits = reply.body().path("status").asString("").equals("requires_action");
        return waits ? new Result(State.PENDING, text(reply.body(), "id"), "") : result(reply);
    }

    private static Result result(StripeApi.Reply reply) {
        if (!reply.isDone()) {
            if (reply.status() == HttpStatus.UNAUTHORIZED.value() || reply.status() == HttpStatus.FORBIDDEN.value()) {
                throw new ProviderException("Stripe refuses the key: " + reply.reason());
            }
            return Result.failed(reply.reason());
        }
        JsonNode body = reply.body();
        String reference = body.path("id").asString("");
        return switch (body.path("status").asString("")) {
            case "succeeded" -> new Result(State.SUCCEEDED, reference, "");
            // Renewals happen without the customer, who therefore cannot confirm anything.
            case "requires_action", "requires_payment_method", "failed", "canceled" ->
                new Result(State.FAILED, reference, reason(body));
            default -> new Result(State.PENDING, reference, "");
        };
    }

    private static String reason(JsonNode failed) {
        return failed.path("last_payment_error")
                .path("message")
                .asString(failed.path("failure_reason").asString("the bank wants a confirmation"));
    }

    private static String units(Payment payment) {
        return String.valueOf(MinorUnits.of(payment.amount()));
    }

    private static String currency(Payment payment) {
        return payment.amount().currency().toLowerCase(Locale.ROOT);
    }
}
