package dev.mynah.server.conversation;

import dev.mynah.server.store.Like;
import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Conversations and their messages. Everything is found by its owner too: another's is not there. */
@Component
public final class ConversationRepository {
    private static final String DETAILS = """
            select m.*, s.model_id, f.rating,
                (select sum(a.prompt_tokens) from answer a where a.message_id = m.id) as prompt_tokens,
                (select sum(a.completion_tokens) from answer a where a.message_id = m.id) as completion_tokens
            from message m left join message_settings s on s.message_id = m.id left join feedback f on f.message_id = m.id""";

    private final JdbcClient jdbc;

    public ConversationRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Where a page of a list begins: after this conversation. */
    public record Cursor(Instant updatedAt, String id) {}

    public void insert(Conversation conversation) {
        jdbc.sql(
                        "insert into conversation (id, user_id, title, model_id, archived, pinned, settings, created_at, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .params(
                        conversation.id(),
                        conversation.userId(),
                        conversation.title(),
                        conversation.modelId(),
                        conversation.archived(),
                        conversation.pinned())
                .param(conversation.settings())
                .params(Times.sql(conversation.createdAt()), Times.sql(conversation.updatedAt()))
                .update();
    }

    public Optional<Conversation> find(String id, String userId) {
        return jdbc.sql("select * from conversation where id = ? and user_id = ?")
                .params(id, userId)
                .query(ConversationRepository::conversation)
                .optional();
    }

    /**
     * A page of a user's conversations, the newest first.
     *
     * @param search what stands in the title or in a message, in whatever case; empty for all
     */
    public List<Conversation> page(String userId, boolean archived, String search, @Nullable Cursor after, int limit) {
        String found = search.isEmpty() ? "" : """
                 and (lower(title) like ? escape '!' or exists
                    (select 1 from message m where m.conversation_id = conversation.id and lower(m.content) like ? escape '!'))""";
        String rest = after == null ? "" : " and (updated_at < ? or (updated_at = ? and id < ?))";
        JdbcClient.StatementSpec query = jdbc.sql("select * from conversation where user_id = ? and archived = ? "
                        + found + rest + " order by updated_at desc, id desc limit " + limit)
                .params(userId, archived);
        if (!search.isEmpty()) {
            query.params(Like.containing(search), Like.containing(search));
        }
        if (after != null) {
            query.params(Times.sql(after.updatedAt()), Times.sql(after.updatedAt()), after.id());
        }
        return query.query(ConversationRepository::conversation).list();
    }

    /** Changes what its owner may change; false where there is no such conversation. */
    public boolean update(Conversation changed) {
        return jdbc.sql(
                                "update conversation set title = ?, archived = ?, pinned = ?, model_id = ?, settings = ? where id = ? and user_id = ?")
                        .params(changed.title(), changed.archived(), changed.pinned(), changed.modelId())
                        .param(changed.settings())
                        .params(changed.id(), changed.userId())
                        .update()
                == 1;
    }

    /** Gives a conversation that has none a title. */
    public void title(String id, String title) {
        jdbc.sql("update conversation set title = ? where id = ? and title = ''")
                .params(title, id)
                .update();
    }

    public void touch(String id, Instant now) {
        jdbc.sql("update conversation set updated_at = ? where id = ?")
                .params(Times.sql(now), id)
                .update();
    }

    public boolean delete(String id, String userId) {
        return jdbc.sql("delete from conversation where id = ? and user_id = ?")
                        .params(id, userId)
                        .update()
                == 1;
    }

    public void insert(Message message) {
        jdbc.sql(
                        "insert into message (id, conversation_id, parent_id, role, content, answer_id, state, cut, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .params(message.id(), message.conversationId())
                .param(message.parentId())
                .params(message.role(), message.content())
                .param(message.answerId())
                .params(message.state().id(), message.cut(), Times.sql(message.createdAt()))
                .update();
    }

    public void insert(MessageSettings settings) {
        jdbc.sql(
                        "insert into message_settings (message_id, model_id, system_prompt, temperature, max_tokens, seed, skipped_turns) values (?, ?, ?, ?, ?, ?, ?)")
                .params(settings.messageId(), settings.modelId())
                .param(settings.wished().system())
                .params(settings.temperature(), settings.wished().maxTokens(), settings.seed(), settings.skippedTurns())
                .update();
    }

    /** With what an answer was generated. */
    public Optional<MessageSettings> settings(String messageId) {
        return jdbc.sql("select * from message_settings where message_id = ?")
                .param(messageId)
                .query((row, n) -> new MessageSettings(
                        messageId,
                        row.getString("model_id"),
                        new AnswerSettings(
                                row.getString("system_prompt"), row.getDouble("temperature"), row.getInt("max_tokens")),
                        row.getLong("seed"),
                        row.getInt("skipped_turns")))
                .optional();
    }

    public Optional<Message> message(String id, String userId) {
        return jdbc.sql(
                        "select m.* from message m join conversation c on c.id = m.conversation_id where m.id = ? and c.user_id = ?")
                .params(id, userId)
                .query(ConversationRepository::message)
                .optional();
    }

    /** A page of a conversation's messages, the oldest first, after message {@code after} unless that is empty. */
    List<MessageDetails> messages(String conversationId, String after, int limit) {
        return jdbc.sql(DETAILS + " where m.conversation_id = ? and m.id > ? order by m.id limit " + limit)
                .params(conversationId, after)
                .query(ConversationRepository::details)
                .list();
    }

    Optional<MessageDetails> details(String id) {
        return jdbc.sql(DETAILS + " where m.id = ?")
                .param(id)
                .query(ConversationRepository::details)
                .optional();
    }

    /** All messages of a conversation, the oldest first. */
    List<Message> allMessages(String conversationId) {
        return jdbc.sql("select * from message where conversation_id = ? order by id")
                .param(conversationId)
                .query(ConversationRepository::message)
                .list();
    }

    /** All conversations of a user, the oldest first. */
    public List<Conversation> all(String userId) {
        return jdbc.sql("select * from conversation where user_id = ? order by id")
                .param(userId)
                .query(ConversationRepository::conversation)
                .list();
    }

    /** The messages from {@code id} up to its conversation's beginning, at most {@code limit} of them, the oldest first. */
    public List<Message> path(String id, int limit) {
        return jdbc.sql("""
                        with recursive path (id, parent_id, depth) as (
                            select id, parent_id, 0 from message where id = ?
                            union all
                            select m.id, m.parent_id, p.depth + 1 from message m join path p on m.id = p.parent_id where p.depth < ?)
                        select m.* from path p join message m on m.id = p.id order by p.depth desc
                        """)
                .params(id, limit - 1)
                .query(ConversationRepository::message)
                .list();
    }

    /** Notes that a message ends for want of room. */
    void cut(String id) {
        jdbc.sql("update message set cut = true where id = ?").param(id).update();
    }

    /** Lets an answer run once more, as {@code answerId}; false where it runs already. */
    boolean resume(Message answer, String answerId) {
        return jdbc.sql(
                                "update message set state = 'running', cut = false, answer_id = ? where id = ? and answer_id = ? and state <> 'running'")
                        .params(answerId, answer.id(), String.valueOf(answer.answerId()))
                        .update()
                == 1;
    }

    /** Ends a running message, whose content goes on with {@code content}. */
    public void end(String id, String content, MessageState state) {
        jdbc.sql("update message set content = content || ?, state = ? where id = ? and state = 'running'")
                .params(content, state.id(), id)
                .update();
    }

    private static Conversation conversation(ResultSet row, int number) throws SQLException {
        return new Conversation(
                row.getString("id"),
                row.getString("user_id"),
                row.getString("title"),
                row.getString("model_id"),
                row.getBoolean("archived"),
                row.getBoolean("pinned"),
                row.getString("settings"),
                Times.get(row, "created_at"),
                Times.get(row, "updated_at"));
    }

    private static MessageDetails details(ResultSet row, int number) throws SQLException {
        return new MessageDetails(
                message(row, number),
                row.getString("model_id"),
                row.getInt("prompt_tokens"),
                row.getInt("completion_tokens"),
                row.getString("rating"));
    }

    private static Message message(ResultSet row, int number) throws SQLException {
        return new Message(
                row.getString("id"),
                row.getString("conversation_id"),
                row.getString("parent_id"),
                row.getString("role"),
                row.getString("content"),
                row.getString("answer_id"),
                MessageState.of(row.getString("state")),
                row.getBoolean("cut"),
                Times.get(row, "created_at"));
    }
}
