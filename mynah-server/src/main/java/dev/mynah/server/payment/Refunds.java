package dev.mynah.server.payment;

import dev.mynah.server.billing.BillingException;
import dev.mynah.server.billing.InsufficientFundsException;
import dev.mynah.server.billing.LedgerRepository;
import dev.mynah.server.billing.MinorUnits;
import dev.mynah.server.billing.Money;
import dev.mynah.server.billing.Wallets;
import dev.mynah.server.notice.Notices;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Gives payments back, in whole or in part, and never more than was paid. What was paid for credit comes out of the wallet, as far as it is still there; what was paid for a subscription out of
 * what subscriptions have earned, into which first goes back what a change of plan has made credit of it and is still there. The books move first, then the provider is asked; where it refuses, they move back.
 */
@Component
public final class Refunds {
    private static final Duration RECOGNISED = Duration.ofHours(20);
    private static final String KIND = "refund";
    private static final String BACK = "refund_back";
    static final String WALLET = "wallet";
    static final String SUBSCRIPTION = "subscription";
    private static final String CHANGE_BACK = "change_back";
    private static final Logger LOG = LoggerFactory.getLogger(Refunds.class);

    private final RefundRepository refunds;
    private final PaymentRepository payments;
    private final Payments providers;
    private final Wallets wallets;
    private final LedgerRepository ledger;
    private final Notices notices;
    private final Transactions transactions;
    private final AuditLog audit;
    private final Clock clock;

    Refunds(
            RefundRepository refunds,
            PaymentRepository payments,
            Payments providers,
            Wallets wallets,
            LedgerRepository ledger,
            Notices notices,
            Transactions transactions,
            AuditLog audit,
            Clock clock) {
        this.refunds = refunds;
        this.payments = payments;
        this.providers = providers;
        this.wallets = wallets;
        this.ledger = ledger;
        this.notices = notices;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    /** The refunds of these payments. */
    List<Refund> of(List<String> paymentIds) {
        return refunds.of(paymentIds);
    }

    /**
     * Refunds {@code micros} of a payment, in the name of {@code actor}.
     *
     * @throws BillingException           if no so much of it is left, or its provider is not set up
     * @throws InsufficientFundsException if the credit was used already
     */
    public Refund refund(String paymentId, long micros, String reason, String actor) {
        Payment payment = payments.find(paymentId).orElseThrow();
        PaymentProvider provider = providers.provider(payment.provider());
        Money amount = new Money(micros, payment.amount().currency());
        MinorUnits.of(amount);
        Refund begun = transactions.call(() -> {
            Instant now = clock.instant();
            Refund refund = take(payment, amount, source(payment), Payment.State.PENDING, reason, actor, now);
            refunds.insert(refund, null, now.plus(Payments.PATIENCE));
            audit.record(actor, "payment.refund", paymentId, refund.id() + ": " + amount + ", " + reason);
            return refund;
        });
        ask(provider, begun, payment);
        return refunds.find(begun.id()).orElseThrow();
    }

    private String source(Payment payment) {
        return isCredit(payment) ? WALLET : SUBSCRIPTION;
    }

    /** Whether all of a payment became credit: it was made for that, or for what was not to be had any more. */
    boolean isCredit(Payment payment) {
        return payment.purpose() == Payment.Purpose.TOP_UP || refunds.isKept(payment.id());
    }

    /** What can come off the wallet of a payment's organisation, which is then locked. */
    long onWallet(Payment payment) {
        wallets.lock(payment.organisationId(), payment.amount().currency());
        return ledger.wallet(payment.organisationId())
                .map(balance -> balance.balance() - balance.held())
                .orElse(0L);
    }

    private Refund take(
            Payment payment,
            Money amount,
            String source,
            Payment.State state,
            String reason,
            String actor,
            Instant now) {
        if (!payments.takeRefund(payment.id(), amount.micros())) {
            throw new BillingException(
                    "refund_too_large", "Not so much of this payment was made, and not refunded yet.");
        }
        Refund refund = new Refund(Ids.next("ref_"), payment.id(), amount, source, state, reason, null, actor, now);
        String organisation = payment.organisationId();
        if (source.equals(WALLET)) {
            wallets.debit(organisation, KIND, refund.id(), KIND, amount, now);
        } else {
            if (source.equals(SUBSCRIPTION)) {
                takeCreditBack(payment, refund, now);
            }
            ledger.transfer(
                    KIND,
                    refund.id(),
                    ledger.account(organisation, source, amount.currency()),
                    ledger.account(organisation, KIND, amount.currency()),
                    amount,
                    now);
        }
        return refund;
    }

    private void takeCreditBack(Payment payment, Refund refund, Instant now) {
        String currency = refund.amount().currency();
        long free = Math.min(refund.amount().micros(), onWallet(payment));
        long credit = Math.min(free, refunds.madeCredit(payment.organisationId(), currency, payment.createdAt()));
        if (credit > 0) {
            wallets.debit(
                    payment.organisationId(), CHANGE_BACK, refund.id(), SUBSCRIPTION, new Money(credit, currency), now);
        }
    }

    private void ask(PaymentProvider provider, Refund refund, Payment payment) {
        PaymentProvider.Result result;
        try {
            result = provider.refund(refund, payment);
        } catch (ProviderException e) {
            LOG.warn("the outcome of refund {} is unknown; it is asked for again", refund.id(), e);
            return;
        }
        note(refund, result);
    }

    private void note(Refund refund, PaymentProvider.Result result) {
        switch (result.state()) {
            case SUCCEEDED -> succeed(refund.id(), result.reference());
            case FAILED -> fail(refund.id(), result.reason());
            case PENDING -> {
                LOG.info("refund {} is under way", refund.id());
                refunds.setUnderWay(
                        refund.id(), result.reference(), Payments.nextLook(refund.createdAt(), clock.instant()));
            }
        }
    }

    /** Asks how refunds stand whose event has not come, and again for those of which nothing was heard. */
    public void askUnheard() {
        Instant now = clock.instant();
        providers.provider().ifPresent(provider -> {
            for (RefundRepository.UnderWay one : refunds.underWay(provider.id(), now)) {
                Refund refund = one.refund();
                if (refunds.unheard().claim(refund.id(), Payments.nextLook(refund.createdAt(), now), now)) {
                    try {
                        note(refund, provider.look(one.reference()));
                    } catch (ProviderException e) {
                        LOG.warn("it is not known how refund {} stands; it is asked again", refund.id(), e);
                    }
                }
            }
        });
        for (Refund refund : refunds.unheard().due(now.minus(RECOGNISED), now)) {
            Payment payment = payments.find(refund.paymentId()).orElseThrow();
            Optional<PaymentProvider> provider =
                    providers.provider().filter(one -> one.id().equals(payment.provider()));
            if (provider.isPresent() && refunds.unheard().claim(refund.id(), now.plus(Payments.PATIENCE), now)) {
                ask(provider.get(), refund, payment);
            }
        }
    }

    /** Notes that a refund was made. */
    void succeed(String id, @Nullable String reference) {
        transactions.run(() -> {
            Instant now = clock.instant();
            if (refunds.succeed(id, reference, now)) {
                tell(refunds.find(id).orElseThrow(), "refunded", now);
            }
        });
    }

    /** Notes that a refund was not made, be it after it seemed to be, and books it back. */
    void fail(String id, String reason) {
        transactions.run(() -> {
            Instant now = clock.instant();
            if (undo(id, reason, now)) {
                tell(refunds.find(id).orElseThrow(), "refund_failed", now);
            }
        });
    }

    /** Books a refund back; false where that was done. */
    private boolean undo(String id, String reason, Instant now) {
        if (!refunds.fail(id, reason, now)) {
            return false;
        }
        Refund refund = refunds.find(id).orElseThrow();
        Payment payment = payments.lock(refund.paymentId()).orElseThrow();
        payments.giveRefundBack(payment.id(), refund.amount().micros());
        bookBack(refund, payment.organisationId(), now);
        return true;
    }

    private void bookBack(Refund refund, String organisation, Instant now) {
        Money amount = refund.amount();
        if (refund.source().equals(WALLET)) {
            wallets.credit(organisation, BACK, refund.id(), KIND, amount, now);
        } else {
            ledger.transfer(
                    BACK,
                    refund.id(),
                    ledger.account(organisation, KIND, amount.currency()),
                    ledger.account(organisation, refund.source(), amount.currency()),
                    amount,
                    now);
            long credit = refunds.tookBack(refund.id());
            if (credit > 0) {
                wallets.credit(
                        organisation,
                        "change",
                        "back:" + refund.id(),
                        SUBSCRIPTION,
                        new Money(credit, amount.currency()),
                        now);
            }
        }
    }

    private void tell(Refund refund, String kind, Instant now) {
        String organisation = payments.find(refund.paymentId()).orElseThrow().organisationId();
        notices.add(
                organisation,
                kind,
                Map.of(
                        "amount",
                        refund.amount().micros(),
                        "currency",
                        refund.amount().currency()),
                now);
    }

    /**
     * Books a refund that was made at the provider, by its own staff or page. Where the wallet no longer covers it, the house bears it.
     *
     * @return false where its payment is not known, or not booked yet
     */
    boolean madeElsewhere(String provider, String paymentReference, String reference, Money amount) {
        Payment payment = payments.byReference(provider, paymentReference).orElse(null);
        if (payment == null || payment.state() != Payment.State.SUCCEEDED) {
            return false;
        }
        if (refunds.byReference(reference).isPresent()) {
            return true;
        }
        Instant now = clock.instant();
        String source = !isCredit(payment)
                ? SUBSCRIPTION
                : wallets.covers(payment.organisationId(), amount) ? WALLET : "revenue";
        Refund refund =
                take(payment, amount, source, Payment.State.SUCCEEDED, "made at the provider", AuditLog.SYSTEM, now);
        refunds.insert(refund, reference, null);
        audit.record(
                AuditLog.SYSTEM, "payment.refund", payment.id(), refund.id() + ": " + amount + ", at the provider");
        tell(refund, "refunded", now);
        return true;
    }

    /** Books what the provider took for now, and tells nobody; {@link #decided} says what becomes of it. */
    void takenElsewhere(Payment payment, Money amount, String source, String reference, String reason) {
        Refund refund = take(payment, amount, source, Payment.State.PENDING, reason, AuditLog.SYSTEM, clock.instant());
        refunds.insert(refund, reference, null);
    }

    /** Keeps what {@link #takenElsewhere} booked under {@code reference}, if anything, or books it back. */
    void decided(String reference, boolean kept, String reason) {
        refunds.byReference(reference).ifPresent(refund -> {
            if (kept) {
                refunds.succeed(refund.id(), null, clock.instant());
            } else {
                undo(refund.id(), reason, clock.instant());
            }
        });
    }

    /** Books a refund back that was made at the provider, and failed after all. */
    boolean failElsewhere(String reference) {
        refunds.byReference(reference).ifPresent(refund -> fail(refund.id(), "failed at the provider"));
        return true;
    }
}
