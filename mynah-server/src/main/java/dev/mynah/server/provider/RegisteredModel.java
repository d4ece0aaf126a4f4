package dev.mynah.server.provider;

import java.time.Instant;
import java.util.OptionalInt;

/**
 * A model that the service offers.
 *
 * @param id               its name in the API
 * @param provider         who answers with it
 * @param currency         of the prices, which are in micro-units per million tokens
 * @param maxOutputTokens  the most tokens of one answer, or empty for what the context has room for
 */
public record RegisteredModel(
        String id,
        String provider,
        boolean enabled,
        String currency,
        long inputPrice,
        long cachedInputPrice,
        long outputPrice,
        OptionalInt maxOutputTokens,
        Instant createdAt) {}
