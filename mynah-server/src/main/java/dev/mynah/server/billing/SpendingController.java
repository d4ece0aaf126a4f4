package dev.mynah.server.billing;

import dev.mynah.server.account.ApiKeyRepository;
import dev.mynah.server.account.Caller;
import dev.mynah.server.account.OrganisationRepository;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.BillingRights;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.Page;
import java.time.Clock;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/billing}: spend caps, and the balance below which the owners are told. */
@RestController
@RequestMapping("/api/billing")
final class SpendingController {
    private static final long MOST = 1_000_000_000_000L;

    private final SpendCaps caps;
    private final Wallets wallets;
    private final PlanRepository plans;
    private final OrganisationRepository organisations;
    private final ApiKeyRepository keys;
    private final BillingRights rights;
    private final Transactions transactions;
    private final Clock clock;

    SpendingController(
            SpendCaps caps,
            Wallets wallets,
            PlanRepository plans,
            OrganisationRepository organisations,
            ApiKeyRepository keys,
            BillingRights rights,
            Transactions transactions,
            Clock clock) {
        this.caps = caps;
        this.wallets = wallets;
        this.plans = plans;
        this.organisations = organisations;
        this.keys = keys;
        this.rights = rights;
        this.transactions = transactions;
        this.clock = clock;
    }

    record CapBody(String kind, String subjectId, @Nullable Long amount, long spent) {
        static CapBody of(SpendCaps.Cap cap) {
            return new CapBody(cap.kind().id(), cap.subjectId(), cap.amount(), cap.spent());
        }
    }

    @GetMapping("/caps")
    Page<CapBody> list(Caller caller) {
        rights.require(caller);
        return new Page<>(
                caps.of(caller.organisationId(), clock.instant()).stream()
                        .map(CapBody::of)
                        .toList(),
                null);
    }

    /** Sets the cap of {@code kind} and {@code subject_id} (absent for the organisation) to {@code amount} micro-units a month, or lifts it with null. */
    @PutMapping("/caps")
    Page<CapBody> put(Caller caller, JsonObject body) {
        rights.require(caller);
        SpendCaps.Kind kind = SpendCaps.Kind.of(body.requiredString("kind"));
        String subject = body.string("subject_id").orElse(caller.organisationId());
        OptionalLong amount = body.integer("amount", 0L, MOST);
        body.finish();
        if (!isOwn(caller.organisationId(), kind, subject)) {
            throw ApiException.notFound("The organisation has no such " + kind.words() + ".");
        }
        transactions.run(() -> {
            Instant now = clock.instant();
            wallets.lock(caller.organisationId(), plans.currency());
            caps.set(caller.organisationId(), kind, subject, amount.isPresent() ? amount.getAsLong() : null, now);
        });
        return list(caller);
    }

    private boolean isOwn(String organisationId, SpendCaps.Kind kind, String subject) {
        return switch (kind) {
            case ORGANISATION -> subject.equals(organisationId);
            case PROJECT -> organisations.hasProject(organisationId, subject);
            case USER -> organisations.hasMember(organisationId, subject);
            case API_KEY -> keys.isOfOrganisation(subject, organisationId);
        };
    }

    /** Sets the balance, in micro-units, below which the owners are told. */
    @PutMapping("/low-balance")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void lowBalance(Caller caller, JsonObject body) {
        rights.require(caller);
        long lowAt = body.integer("amount", 0L, MOST).orElseThrow(() -> body.missing("amount"));
        body.finish();
        transactions.run(() -> wallets.setLowAt(caller.organisationId(), plans.currency(), lowAt));
    }
}
