package dev.mynah.server.subscription;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.OrganisationRepository;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.billing.LedgerRepository;
import dev.mynah.server.billing.Plan;
import dev.mynah.server.billing.PlanRepository;
import dev.mynah.server.payment.PaymentProvider;
import dev.mynah.server.payment.PaymentRepository;
import dev.mynah.server.payment.Payments;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.BillingRights;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.Page;
import dev.mynah.server.web.Pages;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/billing}: plan, balance and subscription of one's own; {@code /api/admin/subscriptions}: of all. */
@RestController
final class SubscriptionController {
    private final Subscriptions subscriptions;
    private final SubscriptionRepository repository;
    private final OrganisationRepository organisations;
    private final PlanRepository plans;
    private final LedgerRepository ledger;
    private final Payments payments;
    private final PaymentRepository paymentRepository;
    private final BillingRights rights;

    SubscriptionController(
            Subscriptions subscriptions,
            SubscriptionRepository repository,
            OrganisationRepository organisations,
            PlanRepository plans,
            LedgerRepository ledger,
            Payments payments,
            PaymentRepository paymentRepository,
            BillingRights rights) {
        this.subscriptions = subscriptions;
        this.repository = repository;
        this.organisations = organisations;
        this.plans = plans;
        this.ledger = ledger;
        this.payments = payments;
        this.paymentRepository = paymentRepository;
        this.rights = rights;
    }

    record PlanBody(
            String id,
            String name,
            boolean metered,
            long monthlyPrice,
            String currency,
            long requestsPerDay,
            long tokensPerDay) {
        static PlanBody of(PlanRepository.Offer offer) {
            Plan plan = offer.plan();
            return new PlanBody(
                    plan.id(),
                    plan.name(),
                    plan.metered(),
                    offer.monthlyPrice(),
                    offer.currency(),
                    plan.perDay().requests(),
                    plan.perDay().tokens());
        }
    }

    record SubscriptionBody(
            String organisationId,
            String userId,
            String plan,
            String state,
            Instant periodStart,
            Instant periodEnd,
            long price,
            String currency,
            boolean cancelAtEnd,
            int failures) {
        static SubscriptionBody of(Subscription subscription) {
            return new SubscriptionBody(
                    subscription.organisationId(),
                    subscription.userId(),
                    subscription.planId(),
                    subscription.state().id(),
                    subscription.periodStart(),
                    subscription.periodEnd(),
                    subscription.price(),
                    subscription.currency(),
                    subscription.cancelAtEnd(),
                    subscription.failures());
        }
    }

    /** @param lowAt the balance below which the owners are told */
    record WalletBody(String currency, long balance, long held, long lowAt) {}

    /** @param provider who takes payments: {@code test}, {@code stripe}, or null for nobody */
    record Overview(
            String plan,
            List<PlanBody> plans,
            @Nullable String provider,
            WalletBody wallet,
            @Nullable SubscriptionBody subscription,
            boolean paymentMethod) {}

    @GetMapping("/api/billing")
    Overview overview(Caller caller) {
        rights.require(caller);
        String organisation = caller.organisationId();
        WalletBody wallet = ledger.wallet(organisation)
                .map(found -> new WalletBody(found.currency(), found.balance(), found.held(), found.lowAt()))
                .orElseGet(() -> new WalletBody(plans.currency(), 0, 0, LedgerRepository.LOW_AT));
        return new Overview(
                organisations.find(organisation).orElseThrow().planId(),
                plans.offers().stream().map(PlanBody::of).toList(),
                payments.provider().map(PaymentProvider::id).orElse(null),
                wallet,
                subscriptions
                        .of(organisation)
                        .filter(Subscription::isLive)
                        .map(SubscriptionBody::of)
                        .orElse(null),
                paymentRepository.method(organisation).isPresent());
    }

    /** @param url where to pay, or null where nothing is left to do */
    record Chosen(@Nullable String paymentId, @Nullable String url) {}

    /** Goes over to {@code plan}, paid from the balance or on the provider's page ({@code pay_from}: {@code balance} or {@code provider}). */
    @PostMapping("/api/billing/plan")
    Chosen choose(Caller caller, JsonObject body) {
        rights.require(caller);
        String plan = body.requiredString("plan");
        String from = body.string("pay_from").orElse("provider");
        body.finish();
        if (!from.matches("balance|provider")) {
            throw body.invalid("pay_from", "it is one of balance, provider");
        }
        Optional<Payments.Begun> begun = subscriptions.choose(caller, plan, from.equals("balance"));
        return begun.map(page -> new Chosen(page.payment().id(), page.url())).orElseGet(() -> new Chosen(null, null));
    }

    /** Lets the subscription end with its month. */
    @PostMapping("/api/billing/cancel")
    Overview cancel(Caller caller) {
        rights.require(caller);
        subscriptions.cancel(caller);
        return overview(caller);
    }

    @PostMapping("/api/billing/resume")
    Overview resume(Caller caller) {
        rights.require(caller);
        subscriptions.resume(caller);
        return overview(caller);
    }

    /** Those that are not paid first, then by the end of the month; {@code after} is how many to pass over. */
    @GetMapping("/api/admin/subscriptions")
    Page<SubscriptionBody> list(
            Caller caller,
            @RequestParam(name = "limit", defaultValue = Pages.DEFAULT) int limit,
            @RequestParam(name = "after", defaultValue = "0") int after) {
        caller.require(Scopes.ADMIN);
        int size = Pages.size(limit);
        if (after < 0) {
            throw ApiException.badRequest("after must not be negative, unlike " + after, "after", "invalid_value");
        }
        List<Subscription> rows = repository.page(after, size);
        return Page.of(rows, size, SubscriptionBody::of, row -> String.valueOf(after + size));
    }
}
