package dev.mynah.server.billing;

import dev.mynah.server.billing.QuotaRepository.Span;
import dev.mynah.server.billing.QuotaRepository.Used;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;

/** Holds organisations to the limits of their plans. */
@Component
public final class RateLimits {
    private final QuotaRepository quotas;
    private final Clock clock;

    public RateLimits(QuotaRepository quotas, Clock clock) {
        this.quotas = quotas;
        this.clock = clock;
    }

    /** What is left of a plan's minute. */
    public record Remaining(Plan.Limits limits, long requests, long tokens, Duration reset) {}

    /**
     * Counts a request, within the transaction that it belongs to.
     *
     * @param tokens the most that it can need
     * @throws LimitExceededException if there is no room for it; the transaction must then be undone
     */
    public void take(String organisationId, Plan plan, long tokens, Instant now) {
        take(organisationId, plan, Span.MINUTE, plan.perMinute(), tokens, now);
        take(organisationId, plan, Span.DAY, plan.perDay(), tokens, now);
    }

    private void take(String organisationId, Plan plan, Span span, Plan.Limits limits, long tokens, Instant now) {
        if (!quotas.take(organisationId, span, limits, tokens, now)) {
            Used used = quotas.used(organisationId, span, now);
            throw new LimitExceededException(
                    "Rate limit reached for the plan " + plan.name() + " on "
                            + (used.requests() >= limits.requests()
                                    ? "requests per " + span.id() + ": limit " + limits.requests()
                                    : "tokens per " + span.id() + ": limit " + limits.tokens() + ", used "
                                            + used.tokens() + ", requested " + tokens)
                            + ".",
                    Duration.between(now, span.end(now)),
                    remaining(organisationId, plan));
        }
    }

    /** Takes back the tokens that a request counted at {@code takenAt} did not need. */
    public void giveBack(String organisationId, long tokens, Instant takenAt) {
        for (Span span : Span.values()) {
            quotas.giveBack(organisationId, span, tokens, takenAt);
        }
    }

    public Remaining remaining(String organisationId, Plan plan) {
        Instant now = clock.instant();
        Used used = quotas.used(organisationId, Span.MINUTE, now);
        Plan.Limits limits = plan.perMinute();
        return new Remaining(
                limits,
                Math.max(0, limits.requests() - used.requests()),
                Math.max(0, limits.tokens() - used.tokens()),
                Duration.between(now, Span.MINUTE.end(now)));
    }
}
