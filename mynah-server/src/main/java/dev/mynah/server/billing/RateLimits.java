package dev.mynah.server.billing;

import dev.mynah.server.billing.QuotaRepository.Span;
import dev.mynah.server.billing.QuotaRepository.Used;
import dev.mynah.server.store.Rounds;
import dev.mynah.server.store.Sql;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.springframework.stereotype.Component;

/** Holds organisations to the limits of their plans. */
@Component
public final class RateLimits {
    private final QuotaRepository quotas;
    private final Rounds rounds;
    private final Clock clock;

    public RateLimits(QuotaRepository quotas, Rounds rounds, Clock clock) {
        this.quotas = quotas;
        this.rounds = rounds;
        this.clock = clock;
    }

    /** What is left of a plan's minute. */
    public record Remaining(Plan.Limits limits, long requests, long tokens, Duration reset) {}

    /**
     * Counts a request: statements for the transaction that it belongs to, whose results {@link #taken} reads.
     *
     * @param tokens the most that it can need
     */
    List<Sql> take(String organisationId, Plan plan, long tokens, Instant now) {
        return List.of(
                quotas.take(organisationId, Span.MINUTE, plan.perMinute(), tokens, now),
                quotas.take(organisationId, Span.DAY, plan.perDay(), tokens, now),
                quotas.use(organisationId, Span.MINUTE, now));
    }

    /**
     * What a request leaves of the limits.
     *
     * @param results of {@link #take}
     * @throws LimitExceededException if there is no room for it; the transaction must then be undone
     */
    Remaining taken(String organisationId, Plan plan, long tokens, Instant now, List<Rounds.Result> results) {
        boolean begun = require(results.get(0), organisationId, plan, Span.MINUTE, plan.perMinute(), tokens, now);
        require(results.get(1), organisationId, plan, Span.DAY, plan.perDay(), tokens, now);
        return begun ? remaining(organisationId, plan) : remaining(plan, Used.of(results.get(2)), now);
    }

    /** Whether the organisation had no window, and has one now. */
    private boolean require(
            Rounds.Result taken,
            String organisationId,
            Plan plan,
            Span span,
            Plan.Limits limits,
            long tokens,
            Instant now) {
        if (taken.count() == 1) {
            return false;
        }
        quotas.begin(organisationId, span, now);
        Sql again = quotas.take(organisationId, span, limits, tokens, now);
        if (rounds.run(List.of(again)).getFirst().count() == 1) {
            return true;
        }
        throw exceeded(quotas.used(organisationId, span, now), organisationId, plan, span, limits, tokens, now);
    }

    /**
     * Looks, without counting anything, whether the limits have room for a token.
     *
     * @throws LimitExceededException if they have none
     */
    void requireRoom(String organisationId, Plan plan, Instant now) {
        for (Span span : Span.values()) {
            Plan.Limits limits = span == Span.MINUTE ? plan.perMinute() : plan.perDay();
            Used used = quotas.used(organisationId, span, now);
            if (used.requests() >= limits.requests() || used.tokens() >= limits.tokens()) {
                throw exceeded(used, organisationId, plan, span, limits, 1, now);
            }
        }
    }

    private LimitExceededException exceeded(
            Used used, String organisationId, Plan plan, Span span, Plan.Limits limits, long tokens, Instant now) {
        return new LimitExceededException(
                "Rate limit reached for the plan " + plan.name() + " on "
                        + (used.requests() >= limits.requests()
                                ? "requests per " + span.id() + ": limit " + limits.requests()
                                : "tokens per " + span.id() + ": limit " + limits.tokens() + ", used " + used.tokens()
                                        + ", requested " + tokens)
                        + ".",
                Duration.between(now, span.end(now)),
                tokens <= limits.tokens() && limits.requests() > 0,
                remaining(organisationId, plan));
    }

    /** Takes back the tokens that a request counted at {@code takenAt} did not need. */
    List<Sql> giveBack(String organisationId, long tokens, Instant takenAt) {
        return Arrays.stream(Span.values())
                .map(span -> quotas.giveBack(organisationId, span, tokens, takenAt))
                .toList();
    }

    public Remaining remaining(String organisationId, Plan plan) {
        Instant now = clock.instant();
        return remaining(plan, quotas.used(organisationId, Span.MINUTE, now), now);
    }

    private static Remaining remaining(Plan plan, Used used, Instant now) {
        Plan.Limits limits = plan.perMinute();
        return new Remaining(
                limits,
                Math.max(0, limits.requests() - used.requests()),
                Math.max(0, limits.tokens() - used.tokens()),
                Duration.between(now, Span.MINUTE.end(now)));
    }
}
