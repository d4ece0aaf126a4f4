package dev.mynah.server.conversation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A conversation, without its messages.
 *
 * @param folder   the name of the folder that it lies in, empty for none
 * @param settings how its questions are asked, as the web app keeps it: a JSON object, or null
 */
public record Conversation(
        String id,
        String userId,
        String title,
        String modelId,
        boolean archived,
        boolean pinned,
        String folder,
        @Nullable String settings,
        Instant createdAt,
        Instant updatedAt) {}
