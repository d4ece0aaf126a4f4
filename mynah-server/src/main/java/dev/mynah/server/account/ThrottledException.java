package dev.mynah.server.account;

import java.time.Duration;

/** Too many attempts. */
public final class ThrottledException extends RuntimeException {
    private final Duration retryAfter;

    public ThrottledException(Duration retryAfter) {
        super("Too many attempts; try again in "
                + Math.max(1, retryAfter.plusMillis(999).toSeconds()) + " seconds.");
        this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
