package dev.mynah.server.billing;

import org.jspecify.annotations.Nullable;

/** Whose spending an answer is. */
public record Spender(
        String organisationId,
        String projectId,
        String userId,
        @Nullable String apiKeyId) {}
