package dev.mynah.server.subscription;

import dev.mynah.server.account.OrganisationRepository;
import dev.mynah.server.billing.InsufficientFundsException;
import dev.mynah.server.billing.Money;
import dev.mynah.server.billing.PlanRepository;
import dev.mynah.server.billing.PlanRepository.Offer;
import dev.mynah.server.billing.Wallets;
import dev.mynah.server.notice.Notices;
import dev.mynah.server.payment.Payment;
import dev.mynah.server.payment.PaymentListener;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Books what subscriptions cost, within transactions of its callers that have locked the subscription. A month is paid out of the wallet, which a payment has filled just before; where the
 * subscription has changed since the payment was asked for, the money stays on the wallet and the owners are told.
 */
@Component
final class SubscriptionBooks implements PaymentListener {
    /** The plan that costs nothing. */
    static final String FREE = "free";

    private static final String ACCOUNT = "subscription";

    private final SubscriptionRepository repository;
    private final Wallets wallets;
    private final PlanRepository plans;
    private final OrganisationRepository organisations;
    private final Notices notices;

    SubscriptionBooks(
            SubscriptionRepository repository,
            Wallets wallets,
            PlanRepository plans,
            OrganisationRepository organisations,
            Notices notices) {
        this.repository = repository;
        this.wallets = wallets;
        this.plans = plans;
        this.organisations = organisations;
        this.notices = notices;
    }

    @Override
    public void succeeded(Payment payment, Instant now) {
        if (Subscriptions.concerns(payment) && !use(payment, now)) {
            notices.add(payment.organisationId(), "payment_kept", amount(payment.amount()), now);
        }
    }

    /** Uses a payment for what it was asked for; false where that is no more. */
    private boolean use(Payment payment, Instant now) {
        Offer offer = plans.offer(String.valueOf(payment.planId())).orElseThrow();
        Optional<Subscription> live = repository.lock(payment.organisationId()).filter(Subscription::isLive);
        if (payment.purpose() == Payment.Purpose.SUBSCRIPTION) {
            // What was asked for is what the month costs, whatever the price is now.
            return live.isEmpty()
                    && begin(payment.organisationId(), payment.userId(), priced(offer, payment), payment.id(), now);
        }
        @Nullable Integer period = payment.period();
        if (live.isEmpty() || period == null) {
            return false;
        }
        Subscription subscription = live.get();
        if (payment.purpose() == Payment.Purpose.RENEWAL) {
            boolean due = !subscription.periodEnd().isAfter(now) && subscription.due(now) == period;
            if (due) {
                renew(subscription, payment.amount().micros(), payment.id(), now);
            }
            return due;
        }
        boolean same = subscription.period() == period
                && subscription.state() == Subscription.State.ACTIVE
                && subscription.price() < offer.monthlyPrice()
                && !offer.plan().id().equals(subscription.planId());
        if (same) {
            change(subscription, offer, payment.amount().micros(), payment.id(), now);
        }
        return same;
    }

    private static Offer priced(Offer offer, Payment payment) {
        return new Offer(
                offer.plan(), payment.amount().micros(), payment.amount().currency());
    }

    @Override
    public void failed(Payment payment, String reason, Instant now) {
        @Nullable Integer period = payment.period();
        if (period != null && payment.purpose() == Payment.Purpose.RENEWAL && !payment.onPage()) {
            int month = period;
            repository
                    .lock(payment.organisationId())
                    .filter(subscription -> subscription.isLive()
                            && subscription.period() < month
                            && !subscription.periodEnd().isAfter(now))
                    .ifPresent(subscription -> failed(subscription, reason, now));
        } else {
            notices.add(payment.organisationId(), "payment_failed", amount(payment.amount()), now);
        }
    }

    /**
     * Begins a subscription and pays its first month out of the wallet.
     *
     * @param paymentId the payment that filled the wallet for it, or null
     * @return false where another was begun at the same time
     */
    boolean begin(String organisationId, String userId, Offer offer, @Nullable String paymentId, Instant now) {
        Subscription subscription = Subscription.paid(
                organisationId, userId, now, 0, offer.plan().id(), offer.monthlyPrice(), offer.currency());
        if (!repository.begin(subscription)) {
            return false;
        }
        pay(subscription, paymentId, now);
        organisations.setPlan(organisationId, offer.plan().id());
        tell("subscription_began", subscription, now);
        return true;
    }

    /** Pays the month that is due at {@code now} out of the wallet, and begins it. */
    void renew(Subscription subscription, long price, @Nullable String paymentId, Instant now) {
        Subscription renewed = Subscription.paid(
                subscription.organisationId(),
                subscription.userId(),
                subscription.anchorAt(),
                subscription.due(now),
                subscription.planId(),
                price,
                subscription.currency());
        pay(renewed, paymentId, now);
        repository.renew(renewed);
        tell("subscription_renewed", renewed, now);
    }

    /** @throws InsufficientFundsException if the wallet does not cover the month; the transaction must then be undone */
    private void pay(Subscription month, @Nullable String paymentId, Instant now) {
        @Nullable
        String transfer = month.price() == 0
                ? null
                : wallets.debit(
                        month.organisationId(),
                        "subscription",
                        month.organisationId() + ":" + month.periodStart(),
                        ACCOUNT,
                        new Money(month.price(), month.currency()),
                        now);
        repository.insertCharge(month, transfer, paymentId, now);
    }

    /**
     * Goes over to another plan for the rest of the month; {@code difference} is paid out of the wallet, or into it where it is negative.
     *
     * @param reference names this change, which is booked once
     */
    void change(Subscription subscription, Offer offer, long difference, String reference, Instant now) {
        String organisation = subscription.organisationId();
        if (difference != 0) {
            Money amount = new Money(Math.abs(difference), subscription.currency());
            if (difference > 0) {
                wallets.debit(organisation, "change", reference, ACCOUNT, amount, now);
            } else {
                wallets.credit(organisation, "change", reference, ACCOUNT, amount, now);
            }
        }
        if (offer.monthlyPrice() == 0) {
            close(subscription, offer.plan().id(), now);
        } else {
            repository.change(organisation, offer.plan().id(), offer.monthlyPrice());
            organisations.setPlan(organisation, offer.plan().id());
        }
    }

    void setCancelled(Subscription subscription, boolean cancelled) {
        repository.setCancelled(subscription.organisationId(), cancelled);
    }

    /** Notes that a renewal failed, and when it is tried again. */
    void failed(Subscription subscription, String reason, Instant now) {
        Instant retry = subscription.retryAt();
        repository.postponeFailed(subscription.organisationId(), retry);
        notices.add(
                subscription.organisationId(),
                "renewal_failed",
                Map.of(
                        "plan",
                        subscription.planId(),
                        "reason",
                        reason,
                        "retry",
                        retry.toString(),
                        "ends",
                        subscription.periodEnd().plus(Subscription.GRACE).toString()),
                now);
    }

    /** Has it looked at again at {@code then}. */
    void postpone(Subscription subscription, Instant then) {
        repository.postpone(subscription.organisationId(), then);
    }

    /** Ends a subscription; the plan is Free then. */
    void end(Subscription subscription, String why, Instant now) {
        close(subscription, FREE, now);
        notices.add(
                subscription.organisationId(),
                "subscription_ended",
                Map.of("plan", subscription.planId(), "why", why),
                now);
    }

    private void close(Subscription subscription, String plan, Instant now) {
        repository.end(subscription.organisationId(), now);
        organisations.setPlan(subscription.organisationId(), plan);
    }

    private void tell(String kind, Subscription subscription, Instant now) {
        notices.add(
                subscription.organisationId(),
                kind,
                Map.of(
                        "plan",
                        subscription.planId(),
                        "amount",
                        subscription.price(),
                        "currency",
                        subscription.currency(),
                        "until",
                        subscription.periodEnd().toString()),
                now);
    }

    private static Map<String, Object> amount(Money amount) {
        return Map.of("amount", amount.micros(), "currency", amount.currency());
    }
}
