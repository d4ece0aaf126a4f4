package dev.mynah.server.conversation;

import dev.mynah.server.store.Like;
import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Conversations and their messages. Everything is found by its owner too: another's is not there. */
@Component
public final class ConversationRepository {
    private static final String DETAILS = """
            select m.*, s.model_id, f.rating,
                (select sum(a.prompt_tokens) from answer a where a.message_id = m.id) as prompt_tokens,
                (select sum(a.completion_tokens) from answer a where a.message_id = m.id) as completion_tokens
            from message m left join message_settings s on s.message_id = m.id left join feedback f on f.message_id = m.id""";

    // Characters of an excerpt, and how many of them before what was searched for.
    private static final int EXCERPT = 120;
    private static final int BEFORE_FOUND = 20;

    private final JdbcClient jdbc;
    private final JsonMapper mapper;

    public ConversationRepository(JdbcClient jdbc, JsonMapper mapper) {
        this.jdbc = jdbc;
        this.mapper = mapper;
    }

    /** Where a page of a list begins: after this conversation. */
    public record Cursor(Instant updatedAt, String id) {}

    /** @param requestKey what a client called the request that made it, or null; each name of a user makes one */
    public void insert(Conversation conversation, @Nullable String requestKey) {
        jdbc.sql(
                        "insert into conversation (id, user_id, title, model_id, archived, pinned, folder, settings, created_at, updated_at, request_key) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .params(
                        conversation.id(),
                        conversation.userId(),
                        conversation.title(),
                        conversation.modelId(),
                        conversation.archived(),
                        conversation.pinned(),
                        conversation.folder())
                .param(conversation.settings())
                .params(Times.sql(conversation.createdAt()), Times.sql(conversation.updatedAt()))
                .param(requestKey)
                .update();
    }

    /** What a request of this name has made. */
    public Optional<Conversation> ofRequest(String userId, String requestKey) {
        return jdbc.sql("select * from conversation where user_id = ? and request_key = ?")
                .params(userId, requestKey)
                .query(ConversationRepository::conversation)
                .optional();
    }

    public Optional<Conversation> find(String id, String userId) {
        return jdbc.sql("select * from conversation where id = ? and user_id = ?")
                .params(id, userId)
                .query(ConversationRepository::conversation)
                .optional();
    }

    /**
     * What a list shows.
     *
     * @param pinned whether only those that are pinned, or only those that are not; null for both
     * @param folder the folder that they lie in, empty for those in none; null for all
     * @param search what stands in the title or in a message, in whatever case; empty for all
     */
    public record Filter(
            boolean archived,
            @Nullable Boolean pinned,
            @Nullable String folder,
            String search) {}

    /** A page of a user's conversations, the newest first. */
    public List<Conversation> page(String userId, Filter filter, @Nullable Cursor after, int limit) {
        StringBuilder where = new StringBuilder(" where user_id = ? and archived = ?");
        List<Object> values = new ArrayList<>(List.of(userId, filter.archived()));
        if (filter.pinned() != null) {
            where.append(" and pinned = ?");
            values.add(filter.pinned());
        }
        if (filter.folder() != null) {
            where.append(" and folder = ?");
            values.add(filter.folder());
        }
        if (!filter.search().isEmpty()) {
            where.append(" and ").append("""
                    (lower(title) like ? escape '!' or exists
                        (select 1 from message m where m.conversation_id = conversation.id and lower(m.content) like ? escape '!'))""");
            values.addAll(List.of(Like.containing(filter.search()), Like.containing(filter.search())));
        }
        if (after != null) {
            where.append(" and (updated_at < ? or (updated_at = ? and id < ?))");
            values.addAll(List.of(Times.sql(after.updatedAt()), Times.sql(after.updatedAt()), after.id()));
        }
        return jdbc.sql("select * from conversation" + where + " order by updated_at desc, id desc limit " + limit)
                .params(values)
                .query(ConversationRepository::conversation)
                .list();
    }

    /** What stands around a searched text in the oldest message that has it, of those of some conversations that have one. */
    Map<String, String> excerpts(Collection<String> ids, String search) {
        return ids.isEmpty()
                ? Map.of()
                : jdbc
                        .sql("""
                        select conversation_id, place, substring(content from greatest(1, place - :before) for :length) as excerpt
                        from (select conversation_id, content, position(:search in lower(content)) as place from message where id in
                            (select min(id) from message where conversation_id in (:ids) and lower(content) like :pattern escape '!' group by conversation_id)) found
                        """)
                        .param("before", BEFORE_FOUND)
                        .param("length", EXCERPT)
                        .param("search", search.toLowerCase(Locale.ROOT))
                        .param("ids", ids)
                        .param("pattern", Like.containing(search))
                        .query((row, n) -> Map.entry(row.getString("conversation_id"), excerpt(row)))
                        .stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static String excerpt(ResultSet row) throws SQLException {
        String piece = row.getString("excerpt");
        String before = row.getInt("place") > BEFORE_FOUND + 1 ? "…" : "";
        // H2 counts halves of characters, of which one may stand at either end.
        return before
                + piece.replaceAll("^[\\uDC00-\\uDFFF]|[\\uD800-\\uDBFF]$", "")
                        .strip()
                        .replaceAll("\\s+", " ");
    }

    /** A folder, and how many conversations lie in it. */
    public record Folder(String name, int conversations) {}

    /** A user's folders in the order of their names; one is there as long as something lies in it that is not archived. */
    public List<Folder> folders(String userId) {
        return jdbc.sql(
                        "select folder, count(*) as size from conversation where user_id = ? and archived = false and folder > '' group by folder order by folder")
                .param(userId)
                .query((row, n) -> new Folder(row.getString("folder"), row.getInt("size")))
                .list();
    }

    /** Moves all that lies in a folder, the archived too; false where it is empty. */
    public boolean moveAll(String userId, String from, String to) {
        return jdbc.sql("update conversation set folder = ? where user_id = ? and folder = ?")
                        .params(to, userId, from)
                        .update()
                > 0;
    }

    public void archiveAll(String userId) {
        jdbc.sql("update conversation set archived = true where user_id = ? and archived = false")
                .param(userId)
                .update();
    }

    public void deleteAll(String userId) {
        jdbc.sql("delete from conversation where user_id = ?").param(userId).update();
    }

    /** The conversation, locked until the transaction ends. */
    Optional<Conversation> lock(String id, String userId) {
        return jdbc.sql("select * from conversation where id = ? and user_id = ? for update")
                .params(id, userId)
                .query(ConversationRepository::conversation)
                .optional();
    }

    /** Sets what its owner may set, of one that is locked. */
    void update(Conversation changed) {
        jdbc.sql(
                        "update conversation set title = ?, archived = ?, pinned = ?, folder = ?, model_id = ?, settings = ? where id = ?")
                .params(changed.title(), changed.archived(), changed.pinned(), changed.folder(), changed.modelId())
                .param(changed.settings())
                .param(changed.id())
                .update();
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

    /** Deletes some; false where not all of them were there. */
    boolean delete(String userId, Collection<String> ids) {
        return jdbc.sql("delete from conversation where user_id = :user and id in (:ids)")
                        .param("user", userId)
                        .param("ids", ids)
                        .update()
                == ids.size();
    }

    /** Archives some, or takes them out of the archive; false where not all of them were there. */
    boolean archive(String userId, Collection<String> ids, boolean archived) {
        return set("archived", archived, userId, ids);
    }

    /** Moves some into a folder; false where not all of them were there. */
    boolean move(String userId, Collection<String> ids, String folder) {
        return set("folder", folder, userId, ids);
    }

    private boolean set(String column, Object value, String userId, Collection<String> ids) {
        return jdbc.sql("update conversation set " + column + " = :value where user_id = :user and id in (:ids)")
                        .param("value", value)
                        .param("user", userId)
                        .param("ids", ids)
                        .update()
                == ids.size();
    }

    /** The running answers of a user whose messages are gone. */
    List<String> unkeptAnswers(String userId) {
        return jdbc.sql("""
                        select id from answer a where user_id = ? and state = 'running' and message_id is not null
                            and not exists (select 1 from message m where m.id = a.message_id)
                        """).param(userId).query(String.class).list();
    }

    /** @param requestKey what a client called the request that made it, or null; each name within a conversation makes one */
    public void insert(Message message, @Nullable String requestKey) {
        jdbc.sql(
                        "insert into message (id, conversation_id, parent_id, role, content, answer_id, state, cut, created_at, request_key) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .params(message.id(), message.conversationId())
                .param(message.parentId())
                .params(message.role(), message.content())
                .param(message.answerId())
                .params(message.state().id(), message.cut(), Times.sql(message.createdAt()))
                .param(requestKey)
                .update();
    }

    /** The message that a request of this name has made. */
    public Optional<Message> messageOfRequest(String conversationId, String requestKey) {
        return jdbc.sql("select * from message where conversation_id = ? and request_key = ?")
                .params(conversationId, requestKey)
                .query(ConversationRepository::message)
                .optional();
    }

    /** The oldest answer to a question. */
    public Message firstAnswer(Message question) {
        return jdbc.sql("select * from message where parent_id = ? order by id limit 1")
                .param(question.id())
                .query(ConversationRepository::message)
                .single();
    }

    public void insert(MessageSettings settings) {
        AnswerSettings wished = settings.wished();
        jdbc.sql(
                        "insert into message_settings (message_id, model_id, system_prompt, temperature, top_p, frequency_penalty, presence_penalty, stop, max_tokens, seed, skipped_turns) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .params(settings.messageId(), settings.modelId())
                .param(wished.system())
                .param(settings.temperature())
                .param(wished.topP())
                .params(wished.frequencyPenalty(), wished.presencePenalty(), mapper.writeValueAsString(wished.stop()))
                .params(wished.maxTokens(), settings.seed(), settings.skippedTurns())
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
                                row.getString("system_prompt"),
                                row.getDouble("temperature"),
                                row.getObject("top_p", Double.class),
                                row.getDouble("frequency_penalty"),
                                row.getDouble("presence_penalty"),
                                row.getLong("seed"),
                                List.of(mapper.readValue(row.getString("stop"), String[].class)),
                                row.getInt("max_tokens")),
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
                row.getString("folder"),
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
