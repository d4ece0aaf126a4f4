package dev.mynah.server.admin;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.billing.MinorUnits;
import dev.mynah.server.billing.Plan;
import dev.mynah.server.billing.PlanRepository;
import dev.mynah.server.billing.PlanRepository.Offer;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.Page;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/admin/plans}: what plans cost a month, in micro-units, and allow. */
@RestController
@RequestMapping("/api/admin/plans")
final class PlansController {
    private static final long MAX_PRICE = 1_000_000_000_000L;
    private static final int MAX_NAME = 100;

    private final PlanRepository plans;
    private final Transactions transactions;
    private final AuditLog audit;

    PlansController(PlanRepository plans, Transactions transactions, AuditLog audit) {
        this.plans = plans;
        this.transactions = transactions;
        this.audit = audit;
    }

    record Body(
            String id,
            String name,
            int priority,
            boolean metered,
            long monthlyPrice,
            String currency,
            long requestsPerMinute,
            long tokensPerMinute,
            long requestsPerDay,
            long tokensPerDay) {
        static Body of(Offer offer) {
            Plan plan = offer.plan();
            return new Body(
                    plan.id(),
                    plan.name(),
                    plan.priority(),
                    plan.metered(),
                    offer.monthlyPrice(),
                    offer.currency(),
                    plan.perMinute().requests(),
                    plan.perMinute().tokens(),
                    plan.perDay().requests(),
                    plan.perDay().tokens());
        }
    }

    @GetMapping
    Page<Body> list(Caller caller) {
        caller.require(Scopes.ADMIN);
        return new Page<>(plans.offers().stream().map(Body::of).toList(), null);
    }

    /** Changes what the body names; it holds for requests that come later. */
    @PatchMapping("/{id}")
    Body update(Caller caller, @PathVariable String id, JsonObject body) {
        caller.require(Scopes.ADMIN);
        return transactions.call(() -> {
            Offer changed =
                    changed(plans.lock(id).orElseThrow(() -> ApiException.notFound("There is no such plan.")), body);
            plans.update(changed);
            audit.record(caller.userId(), "plan.update", id, body.toString());
            return Body.of(changed);
        });
    }

    private static Offer changed(Offer old, JsonObject body) {
        Plan plan = old.plan();
        String name = body.string("name").orElse(plan.name()).strip();
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw body.invalid("name", "a name has 1 to " + MAX_NAME + " characters");
        }
        Offer changed = new Offer(
                new Plan(
                        plan.id(),
                        name,
                        body.integer("priority", 0, 1000).orElse(plan.priority()),
                        plan.metered(),
                        limits(body, plan.perMinute(), "minute"),
                        limits(body, plan.perDay(), "day")),
                body.integer("monthly_price", 0, MAX_PRICE).orElse(old.monthlyPrice()),
                old.currency());
        body.finish();
        if (!MinorUnits.isWhole(changed.monthlyPrice(), changed.currency())) {
            throw body.invalid(
                    "monthly_price",
                    "a price in " + changed.currency() + " is a multiple of " + MinorUnits.micros(changed.currency())
                            + " micro-units");
        }
        return changed;
    }

    private static Plan.Limits limits(JsonObject body, Plan.Limits old, String span) {
        return new Plan.Limits(
                body.integer("requests_per_" + span, 1L, Long.MAX_VALUE).orElse(old.requests()),
                body.integer("tokens_per_" + span, 1L, Long.MAX_VALUE).orElse(old.tokens()));
    }
}
