package dev.mynah.server.subscription;

import dev.mynah.server.billing.MinorUnits;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/**
 * A plan that is paid by the month. Months are counted from the moment at which it began, in UTC: one that begins on the 31st is renewed on the last day of shorter months, and on the 31st again
 * where there is one.
 *
 * @param anchorAt      when it began
 * @param period        which month runs, from 0
 * @param price         of the month that runs, in micro-units of {@code currency}
 * @param cancelAtEnd   whether it ends with the month
 * @param failures      renewals that failed since the month ended
 * @param nextAttemptAt when it is looked at again
 */
public record Subscription(
        String organisationId,
        String userId,
        String planId,
        State state,
        Instant anchorAt,
        int period,
        Instant periodStart,
        Instant periodEnd,
        long price,
        String currency,
        boolean cancelAtEnd,
        int failures,
        Instant nextAttemptAt) {

    /** How long after a month's end a renewal is tried again; after that the account goes back to Free. */
    public static final Duration GRACE = Duration.ofDays(7);

    private static final List<Duration> RETRIES =
            List.of(Duration.ofDays(1), Duration.ofDays(3), Duration.ofDays(5), GRACE);

    /** How it stands. */
    public enum State {
        ACTIVE,
        /** A renewal failed; the plan still holds. */
        PAST_DUE,
        ENDED;

        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String id) {
            return valueOf(id.toUpperCase(Locale.ROOT));
        }
    }

    /** Month {@code number} of a subscription that began at {@code anchor}, paid and to be renewed. */
    static Subscription paid(
            String organisationId,
            String userId,
            Instant anchor,
            int number,
            String planId,
            long price,
            String currency) {
        Instant end = start(anchor, number + 1);
        return new Subscription(
                organisationId,
                userId,
                planId,
                State.ACTIVE,
                anchor,
                number,
                start(anchor, number),
                end,
                price,
                currency,
                false,
                0,
                end);
    }

    boolean isLive() {
        return state != State.ENDED;
    }

    /** When month {@code number} begins; the one before it ends then. */
    static Instant start(Instant anchor, int number) {
        return anchor.atZone(ZoneOffset.UTC).plusMonths(number).toInstant();
    }

    /** The month that a renewal at {@code now} pays for: the next, or a later one if the service was away for so long. A month in which it was away is not charged. */
    int due(Instant now) {
        int next = period + 1;
        while (!start(anchorAt, next + 1).isAfter(now)) {
            next++;
        }
        return next;
    }

    /** When a renewal that has just failed is tried again. */
    Instant retryAt() {
        return periodEnd.plus(RETRIES.get(Math.min(failures, RETRIES.size() - 1)));
    }

    boolean graceIsOver(Instant now) {
        return state == State.PAST_DUE && !now.isBefore(periodEnd.plus(GRACE));
    }

    /**
     * What changing to a plan of {@code newPrice} costs for the rest of the month: the difference of the prices, times the seconds that are left, divided by those of the month, rounded once
     * to the currency's smallest unit, halves away from zero. Negative where it is cheaper.
     */
    long difference(long newPrice, Instant now) {
        long whole = Duration.between(periodStart, periodEnd).toSeconds();
        long left = Math.clamp(Duration.between(now, periodEnd).toSeconds(), 0, whole);
        return MinorUnits.share(newPrice - price, left, whole, currency);
    }
}
