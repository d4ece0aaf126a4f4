package dev.mynah.server.batch;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Role;
import dev.mynah.server.account.Scopes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A batch.
 *
 * @param endpoint  that answers all of its lines, such as {@code /v1/chat/completions}
 * @param life      how long the files of what came of it are kept; null for ever
 * @param problems  why it failed
 * @param completed lines with an answer
 * @param failed    lines with an error
 */
record Batch(
        String id,
        String organisationId,
        String projectId,
        String userId,
        @Nullable String apiKeyId,
        String endpoint,
        String inputFile,
        Map<String, String> metadata,
        @Nullable Duration life,
        BatchState state,
        List<Problem> problems,
        int total,
        int completed,
        int failed,
        @Nullable String outputFile,
        @Nullable String errorFile,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant cancellingAt,
        @Nullable Instant finishedAt) {

    /** What is wrong with a line of the input. */
    record Problem(
            String code,
            String message,
            @Nullable Integer line,
            @Nullable String param) {}

    /** Whoever made it, for inference alone. */
    Caller caller() {
        return new Caller(userId, organisationId, projectId, apiKeyId, Role.USER, new Scopes(Set.of(Scopes.INFERENCE)));
    }
}
