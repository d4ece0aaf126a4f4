package dev.mynah.server.conversation;

import java.time.Instant;

/** A conversation, without its messages. */
public record Conversation(
        String id,
        String userId,
        String title,
        String modelId,
        boolean archived,
        boolean pinned,
        Instant createdAt,
        Instant updatedAt) {}
