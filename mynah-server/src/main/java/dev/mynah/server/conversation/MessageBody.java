package dev.mynah.server.conversation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message as the web app sees it.
 *
 * @param model            that wrote it, or null for a user's and an imported one
 * @param promptTokens     that its answers read
 * @param completionTokens that its answers wrote
 * @param rating           its user's judgement, or null
 */
record MessageBody(
        String id,
        @Nullable String parentId,
        String role,
        String content,
        String state,
        boolean cut,
        Instant createdAt,
        @Nullable String model,
        int promptTokens,
        int completionTokens,
        @Nullable String rating) {

    /** One that has just begun, of which nothing else is known. */
    static MessageBody of(Message message) {
        return of(new MessageDetails(message, null, 0, 0, null));
    }

    static MessageBody of(MessageDetails details) {
        Message message = details.message();
        return new MessageBody(
                message.id(),
                message.parentId(),
                message.role(),
                message.content(),
                message.state().id(),
                message.cut(),
                message.createdAt(),
                details.model(),
                details.promptTokens(),
                details.completionTokens(),
                details.rating());
    }
}
