package dev.mynah.server.payment;

import dev.mynah.server.store.Transactions;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * What Stripe's events mean here. An event is noted in the transaction in which it is worked on: one that comes again does nothing, and one that failed is new when Stripe sends it again. Their
 * order does not matter, since a payment that succeeded stays so.
 */
@Component
final class StripeEvents {
    private static final Logger LOG = LoggerFactory.getLogger(StripeEvents.class);

    private final PaymentRepository repository;
    private final PaymentBooks books;
    private final Refunds refunds;
    private final Disputes disputes;
    private final Transactions transactions;
    private final Clock clock;

    StripeEvents(
            PaymentRepository repository,
            PaymentBooks books,
            Refunds refunds,
            Disputes disputes,
            Transactions transactions,
            Clock clock) {
        this.repository = repository;
        this.books = books;
        this.refunds = refunds;
        this.disputes = disputes;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * Works on an event whose signature is good.
     *
     * @return false where it is of something that is not known yet, and should come again
     */
    boolean hear(JsonNode event) {
        String id = event.path("id").asString("");
        String type = event.path("type").asString("");
        JsonNode object = event.path("data").path("object");
        return transactions.call(() -> {
            if (!repository.hear(Stripe.ID, id, type, clock.instant())) {
                LOG.info("event {} came again", id);
                return true;
            }
            if (!apply(type, object)) {
                repository.forget(Stripe.ID, id);
                return false;
            }
            return true;
        });
    }

    private boolean apply(String type, JsonNode object) {
        String payment = object.path("metadata").path(Stripe.PAYMENT).asString("");
        switch (type) {
            case "checkout.session.completed", "checkout.session.async_payment_succeeded" -> completed(payment, object);
            case "payment_intent.succeeded" -> paid(payment, object);
            case "checkout.session.expired" -> books.fail(payment, "the page to pay on expired");
            case "checkout.session.async_payment_failed" -> books.fail(payment, "the payment was not made");
            case "payment_intent.payment_failed" -> declined(payment, object);
            case "refund.created", "refund.updated", "refund.failed", "charge.refund.updated" -> {
                return refunded(object);
            }
            case "charge.dispute.created",
                    "charge.dispute.updated",
                    "charge.dispute.funds_withdrawn",
                    "charge.dispute.funds_reinstated",
                    "charge.dispute.closed" -> {
                return disputed(object);
            }
            default -> LOG.debug("event {} means nothing here", type);
        }
        return true;
    }

    private void completed(String payment, JsonNode session) {
        if (session.path("payment_status").asString("").equals("paid")) {
            books.succeed(payment, Stripe.text(session, "payment_intent"), Stripe.money(session, "amount_total"));
        }
    }

    private void paid(String payment, JsonNode intent) {
        books.succeed(payment, Stripe.text(intent, "id"), Stripe.money(intent, "amount_received"));
        @Nullable PaymentMethod method = Stripe.laterMethod(intent);
        if (method != null) {
            repository.find(payment).ifPresent(known -> books.keepMethod(known.organisationId(), method));
        }
    }

    /** On a page of Checkout the customer may try again; a renewal has failed. */
    private void declined(String payment, JsonNode intent) {
        repository
                .find(payment)
                .filter(known -> !known.onPage())
                .ifPresent(known -> books.fail(
                        payment,
                        intent.path("last_payment_error").path("message").asString("the card was declined")));
    }

    private boolean refunded(JsonNode refund) {
        String id = refund.path("id").asString("");
        String own = refund.path("metadata").path(Stripe.REFUND).asString("");
        String status = refund.path("status").asString("");
        boolean failed = status.equals("failed") || status.equals("canceled");
        if (!own.isEmpty()) {
            if (failed) {
                refunds.fail(own, refund.path("failure_reason").asString("the provider could not refund"));
            } else if (status.equals("succeeded")) {
                refunds.succeed(own, id);
            }
            return true;
        }
        return failed
                ? refunds.failElsewhere(id)
                : refunds.madeElsewhere(
                        Stripe.ID, refund.path("payment_intent").asString(""), id, Stripe.money(refund, "amount"));
    }

    /** By its status, since events come in any order. An inquiry ({@code warning_...}) takes no money. */
    private boolean disputed(JsonNode dispute) {
        Disputes.Told told = new Disputes.Told(
                Stripe.ID,
                dispute.path("id").asString(""),
                dispute.path("payment_intent").asString(""),
                Stripe.money(dispute, "amount"),
                dispute.path("reason").asString("general"));
        return switch (dispute.path("status").asString("")) {
            case "needs_response", "under_review" -> disputes.open(told);
            case "won" -> disputes.close(told, true);
            case "lost" -> disputes.close(told, false);
            default -> true;
        };
    }
}
