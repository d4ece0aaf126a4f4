package dev.mynah.server.api;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.UserRepository;
import dev.mynah.server.store.Times;
import dev.mynah.server.store.Transactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Chat completions that were asked to be stored, for 30 days, each for its project. */
@Component
final class StoredChatCompletions {
    private static final Duration KEPT = Duration.ofDays(30);
    private static final long MAX_PAGE_CHARACTERS = 16 << 20;

    private final JdbcClient jdbc;
    private final UserRepository users;
    private final JsonMapper mapper;
    private final Transactions transactions;
    private final Clock clock;

    StoredChatCompletions(
            JdbcClient jdbc, UserRepository users, JsonMapper mapper, Transactions transactions, Clock clock) {
        this.jdbc = jdbc;
        this.users = users;
        this.mapper = mapper;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * A stored completion.
     *
     * @param messages of its request
     * @param body     as it was sent, with what the request asked for, but for its metadata
     */
    record Stored(String id, JsonNode metadata, JsonNode messages, JsonNode body) {}

    /**
     * Which completions of a project are wanted.
     *
     * @param model    empty for those of any
     * @param metadata words that they have
     */
    record Wanted(String projectId, String model, Map<String, String> metadata) {}

    /**
     * A page of a list.
     *
     * @param hasMore whether the list goes on
     */
    record Page(List<Stored> completions, boolean hasMore) {}

    /** A row, before it is read. */
    private record Found(String id, long characters) {}

    /** Keeps a completion, unless its user has left meanwhile. */
    void insert(Caller caller, String model, Map<String, String> metadata, JsonNode messages, JsonNode body) {
        Instant now = clock.instant();
        String id = body.get("id").stringValue();
        transactions.run(() -> {
            if (!users.lock(caller.userId())) {
                return;
            }
            jdbc.sql("""
                            insert into chat_completion (id, project_id, user_id, model, metadata, messages, body, created_at, expires_at)
                            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                            """)
                    .params(
                            id,
                            caller.projectId(),
                            caller.userId(),
                            model,
                            mapper.writeValueAsString(metadata),
                            messages.toString(),
                            body.toString(),
                            Times.sql(now),
                            Times.sql(now.plus(KEPT)))
                    .update();
            label(id, metadata);
        });
    }

    private void label(String id, Map<String, String> metadata) {
        metadata.forEach((name, word) -> jdbc.sql(
                        "insert into chat_completion_metadata (completion_id, name, word) values (?, ?, ?)")
                .params(id, name, word)
                .update());
    }

    Optional<Stored> find(String id, String projectId) {
        return jdbc.sql("select * from chat_completion where id = ? and project_id = ? and expires_at > ?")
                .params(id, projectId, Times.sql(clock.instant()))
                .query(this::stored)
                .optional();
    }

    /** A page of at most {@code size} beyond {@code after}, which is empty for the first one; of large ones it has fewer. */
    Page page(Wanted wanted, String after, boolean newestFirst, int size) {
        List<Found> found = find(wanted, after, newestFirst, size + 1);
        long characters = 0;
        List<String> ids = new ArrayList<>();
        for (Found one : found.subList(0, Math.min(size, found.size()))) {
            characters += one.characters();
            if (characters > MAX_PAGE_CHARACTERS && !ids.isEmpty()) {
                break;
            }
            ids.add(one.id());
        }
        List<Stored> completions = ids.isEmpty()
                ? List.of()
                : jdbc.sql("select * from chat_completion where id in (:ids)" + order(newestFirst))
                        .param("ids", ids)
                        .query(this::stored)
                        .list();
        return new Page(completions, found.size() > ids.size());
    }

    private static String order(boolean newestFirst) {
        return " order by id " + (newestFirst ? "desc" : "asc");
    }

    private List<Found> find(Wanted wanted, String after, boolean newestFirst, int limit) {
        List<Object> parameters = new ArrayList<>(
                List.of(wanted.projectId(), Times.sql(clock.instant()), wanted.model(), wanted.model(), after, after));
        StringBuilder sql = new StringBuilder("select id, char_length(messages) + char_length(body) as characters"
                + " from chat_completion c where project_id = ? and expires_at > ? and (? = '' or model = ?) and (? = '' or id "
                + (newestFirst ? "<" : ">") + " ?)");
        wanted.metadata().forEach((name, word) -> {
            sql.append(" and exists (select 1 from chat_completion_metadata m"
                    + " where m.completion_id = c.id and m.name = ? and m.word = ?)");
            parameters.add(name);
            parameters.add(word);
        });
        sql.append(order(newestFirst)).append(" limit ").append(limit);
        return jdbc.sql(sql.toString())
                .params(parameters)
                .query((row, n) -> new Found(row.getString("id"), row.getLong("characters")))
                .list();
    }

    /** Replaces the metadata; false where there is no such completion. */
    boolean update(String id, String projectId, Map<String, String> metadata) {
        return transactions.call(() -> {
            boolean there = jdbc.sql(
                                    "update chat_completion set metadata = ? where id = ? and project_id = ? and expires_at > ?")
                            .params(mapper.writeValueAsString(metadata), id, projectId, Times.sql(clock.instant()))
                            .update()
                    == 1;
            if (there) {
                jdbc.sql("delete from chat_completion_metadata where completion_id = ?")
                        .param(id)
                        .update();
                label(id, metadata);
            }
            return there;
        });
    }

    boolean delete(String id, String projectId) {
        return jdbc.sql("delete from chat_completion where id = ? and project_id = ?")
                        .params(id, projectId)
                        .update()
                == 1;
    }

    private Stored stored(ResultSet row, int number) throws SQLException {
        return new Stored(
                row.getString("id"),
                mapper.readTree(row.getString("metadata")),
                mapper.readTree(row.getString("messages")),
                mapper.readTree(row.getString("body")));
    }
}
