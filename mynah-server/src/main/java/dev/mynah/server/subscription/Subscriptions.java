package dev.mynah.server.subscription;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.OrganisationRepository;
import dev.mynah.server.billing.BillingException;
import dev.mynah.server.billing.InsufficientFundsException;
import dev.mynah.server.billing.Money;
import dev.mynah.server.billing.PlanRepository;
import dev.mynah.server.billing.PlanRepository.Offer;
import dev.mynah.server.payment.Payment;
import dev.mynah.server.payment.Payment.Purpose;
import dev.mynah.server.payment.PaymentRepository;
import dev.mynah.server.payment.Payments;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What owners do with their plan. A plan that costs nothing is taken at once; one that is paid by the month begins when its first month is paid, from the balance or on the provider's page. In
 * the middle of a month the difference for its rest is paid, or given back to the balance.
 */
@Component
public final class Subscriptions {
    private final SubscriptionRepository repository;
    private final SubscriptionBooks books;
    private final Payments payments;
    private final PaymentRepository paymentRepository;
    private final PlanRepository plans;
    private final OrganisationRepository organisations;
    private final Transactions transactions;
    private final Clock clock;

    Subscriptions(
            SubscriptionRepository repository,
            SubscriptionBooks books,
            Payments payments,
            PaymentRepository paymentRepository,
            PlanRepository plans,
            OrganisationRepository organisations,
            Transactions transactions,
            Clock clock) {
        this.repository = repository;
        this.books = books;
        this.payments = payments;
        this.paymentRepository = paymentRepository;
        this.plans = plans;
        this.organisations = organisations;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** The subscription that an organisation has, or had last. */
    public Optional<Subscription> of(String organisationId) {
        return repository.find(organisationId);
    }

    /** What is to be paid for a plan now, and why. */
    private record Due(Purpose purpose, @Nullable Integer period, long amount) {}

    /**
     * Goes over to a plan.
     *
     * @param fromBalance whether the balance pays; else the customer does, on the provider's page
     * @return the page to pay on; empty where the plan holds already
     * @throws BillingException if the plan is the present one, there is no such, or the balance does not cover it
     */
    public Optional<Payments.Begun> choose(Caller caller, String planId, boolean fromBalance) {
        Offer offer = plans.offer(planId)
                .orElseThrow(() -> new BillingException("unknown_plan", "There is no plan \"" + planId + "\"."));
        String organisation = caller.organisationId();
        Optional<Due> due = transactions.call(() -> {
            Instant now = clock.instant();
            Optional<Subscription> live = lockLive(organisation);
            Optional<Due> open = due(organisation, live, offer, now);
            if (open.isPresent() && fromBalance) {
                payFromBalance(caller, live, offer, open.get(), now);
                return Optional.empty();
            }
            return open;
        });
        return due.map(open -> payments.checkout(Payments.Order.by(
                caller, open.purpose, planId, open.period, new Money(open.amount, offer.currency()))));
    }

    /** The live subscription, locked. Where there is none the organisation is: one that is paid at this moment changes the plan afterwards, or was seen. */
    private Optional<Subscription> lockLive(String organisationId) {
        Optional<Subscription> live = repository.lock(organisationId).filter(Subscription::isLive);
        if (live.isEmpty()) {
            organisations.lock(organisationId);
            live = repository.lock(organisationId).filter(Subscription::isLive);
        }
        return live;
    }

    /** What a plan costs now; where that is nothing, it holds when this returns. */
    private Optional<Due> due(String organisation, Optional<Subscription> live, Offer offer, Instant now) {
        String plan = offer.plan().id();
        if (live.isEmpty()) {
            if (plan.equals(organisations.find(organisation).orElseThrow().planId())) {
                throw new BillingException("already_on_plan", "This is the present plan.");
            }
            if (offer.monthlyPrice() > 0) {
                return Optional.of(new Due(Purpose.SUBSCRIPTION, null, offer.monthlyPrice()));
            }
            organisations.setPlan(organisation, plan);
            return Optional.empty();
        }
        Subscription subscription = live.get();
        boolean same = plan.equals(subscription.planId());
        if (subscription.state() == Subscription.State.PAST_DUE) {
            return Optional.of(renewal(subscription, offer, same, now));
        }
        if (same) {
            throw new BillingException("already_on_plan", "This is the present plan.");
        }
        long difference = subscription.difference(offer.monthlyPrice(), now);
        if (difference > 0) {
            return Optional.of(new Due(Purpose.CHANGE, subscription.period(), difference));
        }
        books.change(subscription, offer, difference, Ids.next("change_"), now);
        return Optional.empty();
    }

    private static Due renewal(Subscription subscription, Offer offer, boolean same, Instant now) {
        if (!same) {
            throw new BillingException(
                    "past_due", "A month is not paid: pay it, or cancel the subscription, before you change the plan.");
        }
        return new Due(Purpose.RENEWAL, subscription.due(now), offer.monthlyPrice());
    }

    private void payFromBalance(Caller caller, Optional<Subscription> live, Offer offer, Due due, Instant now) {
        try {
            switch (due.purpose) {
                case SUBSCRIPTION -> books.begin(caller.organisationId(), caller.userId(), offer, null, now);
                case RENEWAL -> books.renew(live.orElseThrow(), due.amount, null, now);
                default -> books.change(live.orElseThrow(), offer, due.amount, Ids.next("change_"), now);
            }
        } catch (InsufficientFundsException e) {
            throw new BillingException("balance_too_low", "The balance does not cover this plan.");
        }
    }

    /** Lets a subscription end with the month that runs; one whose month is not paid ends at once. */
    public void cancel(Caller caller) {
        transactions.run(() -> {
            Subscription subscription = live(caller.organisationId());
            if (subscription.state() == Subscription.State.PAST_DUE) {
                books.end(subscription, "cancelled", clock.instant());
            } else {
                books.setCancelled(subscription, true);
            }
        });
    }

    /** Takes a cancellation back, before the month has ended. */
    public void resume(Caller caller) {
        transactions.run(() -> books.setCancelled(live(caller.organisationId()), false));
    }

    private Subscription live(String organisationId) {
        return repository
                .lock(organisationId)
                .filter(Subscription::isLive)
                .orElseThrow(() -> new BillingException("no_subscription", "There is no subscription."));
    }

    /** Ends a subscription since an administrator gave the organisation a plan, within the transaction of its caller. */
    public void release(String organisationId) {
        lockLive(organisationId).ifPresent(subscription -> books.end(subscription, "administrator", clock.instant()));
    }

    /** Ends the subscriptions that a user began, who leaves; their payment methods are forgotten. Within the transaction of its caller. */
    public void releaseOf(String userId) {
        for (String organisation : repository.begunBy(userId)) {
            release(organisation);
            paymentRepository.deleteMethod(organisation);
        }
    }

    /** What the month that is not paid would be charged as. */
    static Payments.Order renewalOrder(Subscription subscription, Money amount, int period) {
        return new Payments.Order(
                subscription.organisationId(),
                subscription.userId(),
                Purpose.RENEWAL,
                subscription.planId(),
                period,
                amount);
    }

    /** Which payments are for subscriptions. */
    static boolean concerns(Payment payment) {
        return payment.purpose() != Purpose.TOP_UP;
    }
}
