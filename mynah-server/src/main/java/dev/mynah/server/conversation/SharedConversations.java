package dev.mynah.server.conversation;

import dev.mynah.server.store.Times;
import dev.mynah.server.store.Tokens;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Links under which anybody may read a conversation, up to the message that was its last when it was shared. */
@Component
final class SharedConversations {
    private final JdbcClient jdbc;

    SharedConversations(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param id the secret part of its link */
    record Shared(String id, String conversationId, String messageId, String title, Instant createdAt) {}

    Shared insert(Conversation conversation, String messageId, Instant now) {
        Shared shared = new Shared(Tokens.next(""), conversation.id(), messageId, conversation.title(), now);
        jdbc.sql(
                        "insert into shared_conversation (id, conversation_id, user_id, message_id, title, created_at) values (?, ?, ?, ?, ?, ?)")
                .params(
                        shared.id(),
                        shared.conversationId(),
                        conversation.userId(),
                        messageId,
                        shared.title(),
                        Times.sql(now))
                .update();
        return shared;
    }

    /** A user's links, the newest first. */
    List<Shared> ofUser(String userId) {
        return jdbc.sql("select * from shared_conversation where user_id = ? order by created_at desc, id")
                .param(userId)
                .query(SharedConversations::shared)
                .list();
    }

    Optional<Shared> find(String id) {
        return jdbc.sql("select * from shared_conversation where id = ?")
                .param(id)
                .query(SharedConversations::shared)
                .optional();
    }

    boolean delete(String id, String userId) {
        return jdbc.sql("delete from shared_conversation where id = ? and user_id = ?")
                        .params(id, userId)
                        .update()
                == 1;
    }

    private static Shared shared(ResultSet row, int number) throws SQLException {
        return new Shared(
                row.getString("id"),
                row.getString("conversation_id"),
                row.getString("message_id"),
                row.getString("title"),
                Times.get(row, "created_at"));
    }
}
