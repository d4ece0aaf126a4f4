package dev.mynah.server.billing;

import java.time.Duration;

/** The plan has no room for a request now. */
public final class LimitExceededException extends RuntimeException {
    private final Duration retryAfter;
    private final RateLimits.Remaining remaining;

    public LimitExceededException(String message, Duration retryAfter, RateLimits.Remaining remaining) {
        super(message);
        this.remaining = remaining;
        this.retryAfter = retryAfter;
    }

    /** When the window ends that the limit holds for. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** What the minute has left. */
    public RateLimits.Remaining remaining() {
        return remaining;
    }
}
