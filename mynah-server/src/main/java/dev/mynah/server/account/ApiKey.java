package dev.mynah.server.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key as its owner sees it later: without the secret.
 *
 * @param hint the secret's last characters
 */
public record ApiKey(
        String id,
        String projectId,
        String userId,
        String name,
        String hint,
        Scopes scopes,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        @Nullable Instant lastUsedAt) {}
