package dev.mynah.server.conversation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A conversation, without its messages.
 *
 * @param settings how its questions are asked, as the web app keeps it: a JSON object, or null
 */
public record Conversation(
        String id,
        String userId,
        String title,
        String modelId,
        boolean archived,
        boolean pinned,
        @Nullable String settings,
        Instant createdAt,
        Instant updatedAt) {}
