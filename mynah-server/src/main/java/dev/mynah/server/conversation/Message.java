package dev.mynah.server.conversation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message of a conversation.
 *
 * @param parentId the message that it follows, or null for a first one; those with the same parent are branches
 * @param answerId how its text is made, for an assistant's
 * @param content  all of it, or for a running one what it goes on from
 * @param cut      whether it ended for want of room, and can be continued
 */
public record Message(
        String id,
        String conversationId,
        @Nullable String parentId,
        String role,
        String content,
        @Nullable String answerId,
        MessageState state,
        boolean cut,
        Instant createdAt) {

    /** Whether a model wrote it. */
    boolean isGenerated() {
        return role.equals("assistant");
    }
}
