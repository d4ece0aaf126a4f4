package dev.mynah.server.billing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is set aside for an answer until it is settled: the most that it can cost.
 *
 * @param accountId the wallet, or null where the plan covers it
 * @param tokens    the most that it can need, counted against the plan's limits
 * @param prices    those that hold for this answer, whatever changes meanwhile
 */
public record Reservation(
        String answerId, @Nullable String accountId, long amount, long tokens, Prices prices, Instant createdAt) {}
