package dev.mynah.server.billing;

import java.time.Duration;

/** The plan has no room for a request now. */
public final class LimitExceededException extends RuntimeException {
    private final Duration retryAfter;

    public LimitExceededException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** When the window ends that the limit holds for. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
