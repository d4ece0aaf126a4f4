package dev.mynah.server.web;

import dev.mynah.server.billing.RateLimits.Remaining;
import java.time.Duration;
import java.util.function.BiConsumer;

/** Tells clients what their plan's minute has left, in the headers that OpenAI's clients know. */
public final class RateLimitHeaders {
    private RateLimitHeaders() {}

    /** Gives every header and its value to {@code headers}. */
    public static void write(Remaining remaining, BiConsumer<String, String> headers) {
        String reset = seconds(remaining.reset()) + "s";
        headers.accept(
                "x-ratelimit-limit-requests", String.valueOf(remaining.limits().requests()));
        headers.accept(
                "x-ratelimit-limit-tokens", String.valueOf(remaining.limits().tokens()));
        headers.accept("x-ratelimit-remaining-requests", String.valueOf(remaining.requests()));
        headers.accept("x-ratelimit-remaining-tokens", String.valueOf(remaining.tokens()));
        headers.accept("x-ratelimit-reset-requests", reset);
        headers.accept("x-ratelimit-reset-tokens", reset);
    }

    /** Whole seconds, at least one, as {@code Retry-After} wants them. */
    static long seconds(Duration duration) {
        return Math.max(1, duration.plusMillis(999).toSeconds());
    }
}
