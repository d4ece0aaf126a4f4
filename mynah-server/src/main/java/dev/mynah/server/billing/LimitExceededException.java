package dev.mynah.server.billing;

import java.time.Duration;

/** The plan has no room for a request now. */
public final class LimitExceededException extends RuntimeException {
    private final Duration retryAfter;
    private final boolean waitingHelps;
    private final RateLimits.Remaining remaining;

    /** @param waitingHelps whether there will be room; false for a request that is more than the plan ever allows */
    public LimitExceededException(
            String message, Duration retryAfter, boolean waitingHelps, RateLimits.Remaining remaining) {
        super(message);
        this.remaining = remaining;
        this.retryAfter = retryAfter;
        this.waitingHelps = waitingHelps;
    }

    /** Whether there will be room once the window has ended. */
    public boolean waitingHelps() {
        return waitingHelps;
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
