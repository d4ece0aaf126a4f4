package dev.mynah.server.payment;

import dev.mynah.server.billing.BillingException;
import dev.mynah.server.billing.Money;
import dev.mynah.server.billing.Wallets;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Books what became of payments: the money goes to the wallet, and from there to what it is for. However often and in whatever order outcomes are told, a payment is booked once, and one that
 * succeeded stays so.
 */
@Component
public final class PaymentBooks {
    // For so long a provider recognises a charge that is asked for again; Stripe says 24 hours.
    private static final Duration RECOGNISED = Duration.ofHours(20);
    private static final Logger LOG = LoggerFactory.getLogger(PaymentBooks.class);

    private final PaymentRepository repository;
    private final Payments payments;
    private final Wallets wallets;
    private final List<PaymentListener> listeners;
    private final Transactions transactions;
    private final Clock clock;

    public PaymentBooks(
            PaymentRepository repository,
            Payments payments,
            Wallets wallets,
            List<PaymentListener> listeners,
            Transactions transactions,
            Clock clock) {
        this.repository = repository;
        this.payments = payments;
        this.wallets = wallets;
        this.listeners = List.copyOf(listeners);
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * Books a payment that was made.
     *
     * @param reference the provider's name for the money, or null where it told none
     * @param paid      what was paid; where that is not what was asked for, nothing is booked
     * @return whether it was booked by this call
     */
    public boolean succeed(String paymentId, @Nullable String reference, Money paid) {
        return transactions.call(() -> {
            Payment payment = repository.lock(paymentId).orElse(null);
            if (payment == null || payment.state() == Payment.State.SUCCEEDED) {
                return false;
            }
            if (!payment.amount().equals(paid)) {
                LOG.error("payment {} was {} instead of {}: not booked", paymentId, paid, payment.amount());
                return false;
            }
            Instant now = clock.instant();
            repository.succeed(paymentId, reference, now);
            wallets.receive(payment.organisationId(), "payment", paymentId, "payment", paid, now);
            listeners.forEach(listener -> listener.succeeded(payment, now));
            wallets.stay(payment.organisationId(), paid.currency());
            return true;
        });
    }

    /** Notes that a payment was not made; one that succeeded stays so. */
    public void fail(String paymentId, String reason) {
        transactions.run(() -> {
            Payment payment = repository.lock(paymentId).orElse(null);
            if (payment != null && payment.state() == Payment.State.PENDING) {
                Instant now = clock.instant();
                repository.fail(paymentId, reason, now);
                listeners.forEach(listener -> listener.failed(payment, reason, now));
            }
        });
    }

    /** Keeps the method that an organisation pays with. */
    public void keepMethod(String organisationId, PaymentMethod method) {
        transactions.run(() -> repository.setMethod(organisationId, method, clock.instant()));
    }

    /** Makes a charge that {@link Payments#charge} noted. Where its outcome is not known yet, it is asked for later. */
    public void charge(Payment payment) {
        PaymentMethod method = repository.method(payment.organisationId()).orElse(null);
        if (method == null) {
            fail(payment.id(), "the payment method was removed");
            return;
        }
        PaymentProvider.Result result;
        try {
            result = payments.provider(payment.provider()).charge(payment, method);
        } catch (BillingException | ProviderException e) {
            LOG.warn("the outcome of payment {} is unknown; it is asked for again", payment.id(), e);
            return;
        }
        switch (result.state()) {
            case SUCCEEDED -> succeed(payment.id(), result.reference(), payment.amount());
            case FAILED -> fail(payment.id(), result.reason());
            case PENDING -> {
                LOG.info("payment {} is under way", payment.id());
                repository.setUnderWay(
                        payment.id(), result.reference(), Payments.nextLook(payment.createdAt(), clock.instant()));
            }
        }
    }

    /**
     * Asks how payments stand whose event has not come, and again for charges of which nothing was heard; where that is so for too long, these count as failed.
     */
    public void askUnheard() {
        Instant now = clock.instant();
        payments.provider().ifPresent(provider -> {
            for (Payment payment : repository.underWay(provider.id(), now)) {
                if (repository.unheard().claim(payment.id(), Payments.nextLook(payment.createdAt(), now), now)) {
                    try {
                        settle(payment, provider.look(payment));
                    } catch (RuntimeException e) {
                        LOG.warn("it is not known how payment {} stands; it is asked again", payment.id(), e);
                    }
                }
            }
        });
        for (Payment payment : repository.unheard().lost(now.minus(RECOGNISED))) {
            fail(payment.id(), "nothing was heard of the charge");
        }
        for (Payment payment : repository.unheard().due(now.minus(RECOGNISED), now)) {
            if (repository.unheard().claim(payment.id(), now.plus(Payments.PATIENCE), now)) {
                charge(payment);
            }
        }
    }

    private void settle(Payment payment, PaymentProvider.Standing standing) {
        PaymentProvider.Result result = standing.result();
        switch (result.state()) {
            case SUCCEEDED ->
                transactions.run(() -> {
                    succeed(payment.id(), result.reference(), standing.paid());
                    if (standing.method() != null) {
                        keepMethod(payment.organisationId(), standing.method());
                    }
                });
            case FAILED -> fail(payment.id(), result.reason());
            case PENDING -> LOG.debug("payment {} is under way still", payment.id());
        }
    }
}
