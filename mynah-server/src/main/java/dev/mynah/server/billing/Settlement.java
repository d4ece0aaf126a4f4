package dev.mynah.server.billing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an answer cost in the end.
 *
 * @param transferId its booking, or null where there was nothing to pay
 */
public record Settlement(
        String answerId,
        Outcome outcome,
        long amount,
        String currency,
        @Nullable String transferId,
        Instant settledAt) {}
