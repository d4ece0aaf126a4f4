package dev.mynah.server.conversation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A message as the web app sees it. */
record MessageBody(
        String id,
        @Nullable String parentId,
        String role,
        String content,
        String state,
        boolean cut,
        Instant createdAt) {
    static MessageBody of(Message message) {
        return new MessageBody(
                message.id(),
                message.parentId(),
                message.role(),
                message.content(),
                message.state().id(),
                message.cut(),
                message.createdAt());
    }
}
