package dev.mynah.server.billing;

/**
 * What an organisation may use, and how it pays.
 *
 * @param priority requests of a higher one go first
 * @param metered  whether tokens are paid from the wallet; else the plan covers them
 */
public record Plan(String id, String name, int priority, boolean metered, Limits perMinute, Limits perDay) {

    /** The most requests and tokens within a span of time. */
    public record Limits(long requests, long tokens) {}
}
