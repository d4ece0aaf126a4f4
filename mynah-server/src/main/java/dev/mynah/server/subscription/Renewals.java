package dev.mynah.server.subscription;

import dev.mynah.server.billing.Money;
import dev.mynah.server.billing.PlanRepository;
import dev.mynah.server.billing.Wallets;
import dev.mynah.server.ops.RepeatedTask;
import dev.mynah.server.payment.Payment;
import dev.mynah.server.payment.PaymentBooks;
import dev.mynah.server.payment.PaymentRepository;
import dev.mynah.server.payment.Payments;
import dev.mynah.server.payment.Refunds;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Renews subscriptions whose month has ended: out of the balance where that covers the month, else with the payment method that is known. All replicas do so; a subscription is locked while one
 * decides about it, and a month has one charge under way at most.
 */
@Component
public final class Renewals extends RepeatedTask {
    private static final Logger LOG = LoggerFactory.getLogger(Renewals.class);
    private static final Duration PAUSE = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(15);

    private final SubscriptionRepository repository;
    private final SubscriptionBooks books;
    private final PaymentRepository paymentRepository;
    private final Payments payments;
    private final PaymentBooks paymentBooks;
    private final Refunds refunds;
    private final Wallets wallets;
    private final PlanRepository plans;
    private final Transactions transactions;
    private final Clock clock;

    Renewals(
            SubscriptionRepository repository,
            SubscriptionBooks books,
            PaymentRepository paymentRepository,
            Payments payments,
            PaymentBooks paymentBooks,
            Refunds refunds,
            Wallets wallets,
            PlanRepository plans,
            Transactions transactions,
            Clock clock) {
        super("renewing subscriptions", PAUSE);
        this.repository = repository;
        this.books = books;
        this.paymentRepository = paymentRepository;
        this.payments = payments;
        this.paymentBooks = paymentBooks;
        this.refunds = refunds;
        this.wallets = wallets;
        this.plans = plans;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public void once() {
        paymentBooks.askUnheard();
        refunds.askUnheard();
        for (String organisation : repository.due(clock.instant())) {
            try {
                transactions.call(() -> decide(organisation)).ifPresent(paymentBooks::charge);
            } catch (RuntimeException e) {
                LOG.error("the subscription of {} could not be renewed; trying again", organisation, e);
            }
        }
    }

    /** Ends a subscription, renews it, or notes a charge that is then to be made. */
    private Optional<Payment> decide(String organisation) {
        Instant now = clock.instant();
        Subscription subscription = repository
                .lock(organisation)
                .filter(locked -> locked.isLive() && !locked.nextAttemptAt().isAfter(now))
                .orElse(null);
        if (subscription == null) {
            return Optional.empty();
        }
        if (subscription.cancelAtEnd() || subscription.graceIsOver(now)) {
            books.end(subscription, subscription.cancelAtEnd() ? "cancelled" : "unpaid", now);
            return Optional.empty();
        }
        PlanRepository.Offer offer = plans.offer(subscription.planId()).orElseThrow();
        long price = offer.monthlyPrice();
        int period = subscription.due(now);
        if (paymentRepository.hasPendingRenewal(organisation, period)) {
            books.postpone(subscription, now.plus(LOOK_AGAIN));
            return Optional.empty();
        }
        if (price == 0 || wallets.covers(organisation, new Money(price, offer.currency()))) {
            books.renew(subscription, price, null, now);
            return Optional.empty();
        }
        Optional<Payment> charge = payments.charge(
                Subscriptions.renewalOrder(subscription, new Money(price, offer.currency()), period), now);
        if (charge.isEmpty()) {
            books.failed(subscription, "There is no payment method, and the balance does not cover the month.", now);
        } else {
            books.postpone(subscription, now.plus(LOOK_AGAIN));
        }
        return charge;
    }
}
