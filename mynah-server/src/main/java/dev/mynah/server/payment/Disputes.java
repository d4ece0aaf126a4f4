package dev.mynah.server.payment;

import dev.mynah.server.billing.Money;
import dev.mynah.server.notice.Notices;
import dev.mynah.server.ops.AuditLog;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Payments that a customer disputes at the bank, which takes the money back at once. It is booked as refunds are: credit comes off the wallet as far as it is still there, the house bears the rest.
 * Models do not answer the organisation until somebody has decided. A dispute that is won books all of it back.
 */
@Component
final class Disputes {
    /** Of the part that the wallet did not cover. */
    private static final String HOUSE = "/house";

    private final DisputeRepository disputes;
    private final PaymentRepository payments;
    private final Refunds refunds;
    private final Notices notices;
    private final AuditLog audit;
    private final Clock clock;

    Disputes(
            DisputeRepository disputes,
            PaymentRepository payments,
            Refunds refunds,
            Notices notices,
            AuditLog audit,
            Clock clock) {
        this.disputes = disputes;
        this.payments = payments;
        this.refunds = refunds;
        this.notices = notices;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * What the provider says of one.
     *
     * @param id      its name there
     * @param payment the provider's name of the payment
     */
    record Told(String provider, String id, String payment, Money amount, String reason) {}

    /**
     * Notes that a payment is disputed, within a transaction; once, however often it is told.
     *
     * @return false where the payment is not known, or not booked yet
     */
    boolean open(Told told) {
        Payment payment = payments.byReference(told.provider, told.payment)
                .flatMap(found -> payments.lock(found.id()))
                .filter(found -> found.state() == Payment.State.SUCCEEDED)
                .orElse(null);
        if (payment == null) {
            return false;
        }
        // Asked with the payment locked: its events come at once.
        if (disputes.isKnown(told.id)) {
            return true;
        }
        Instant now = clock.instant();
        disputes.open(told.id, payment, told.reason, now);
        long amount = Math.min(told.amount.micros(), payment.amount().micros() - payment.refunded());
        boolean credit = refunds.isCredit(payment);
        long covered = credit ? Math.min(amount, refunds.onWallet(payment)) : 0;
        String reason = "disputed: " + told.reason;
        take(payment, covered, Refunds.WALLET, told.id, reason);
        take(payment, amount - covered, credit ? "revenue" : Refunds.SUBSCRIPTION, told.id + HOUSE, reason);
        audit.record(AuditLog.SYSTEM, "payment.dispute", payment.id(), told.id + ": " + told.amount + ", " + reason);
        tell(payment, told, "disputed", now);
        return true;
    }

    private void take(Payment payment, long micros, String source, String reference, String reason) {
        if (micros > 0) {
            refunds.takenElsewhere(payment, new Money(micros, payment.amount().currency()), source, reference, reason);
        }
    }

    /** As {@link #open}, and notes how it ended: won for the house, or lost. */
    boolean close(Told told, boolean won) {
        if (!open(told)) {
            return false;
        }
        Instant now = clock.instant();
        if (!disputes.close(told.id, won ? "won" : "lost", now)) {
            return true;
        }
        for (String reference : List.of(told.id, told.id + HOUSE)) {
            refunds.decided(reference, !won, "the dispute was won");
        }
        Payment payment = payments.byReference(told.provider, told.payment).orElseThrow();
        audit.record(AuditLog.SYSTEM, "payment.dispute", payment.id(), told.id + (won ? " was won" : " was lost"));
        tell(payment, told, won ? "dispute_won" : "dispute_lost", now);
        return true;
    }

    private void tell(Payment payment, Told told, String kind, Instant now) {
        notices.add(
                payment.organisationId(),
                kind,
                Map.of("amount", told.amount.micros(), "currency", told.amount.currency()),
                now);
    }
}
