package dev.mynah.server.moderation;

import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What was found, and how accounts stand. */
@Component
final class ItemRepository {
    private final JdbcClient jdbc;

    ItemRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** An item as operators see it. */
    record Row(
            String id,
            String userId,
            String email,
            String answerId,
            String endpoint,
            String direction,
            String category,
            String action,
            String excerpt,
            @Nullable Double probability,
            String state,
            @Nullable String decidedBy,
            @Nullable Instant decidedAt,
            Instant createdAt) {}

    /** An account that has strikes or is suspended. */
    record Account(
            String userId,
            String email,
            Instant strikesSince,
            @Nullable Instant suspendedUntil) {}

    void insert(String id, Violations.Origin origin, Item item, Instant now) {
        jdbc.sql("""
                        insert into moderation_item (id, user_id, answer_id, endpoint, direction, category, action, excerpt, probability, state, created_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)
                        """)
                .params(
                        id,
                        origin.userId(),
                        origin.answerId(),
                        origin.endpoint(),
                        item.direction().id(),
                        item.category().id(),
                        item.action().id(),
                        item.excerpt())
                .param(item.probability())
                .param(Times.sql(now))
                .update();
    }

    Optional<Row> find(String id) {
        return jdbc.sql("select i.*, u.email from moderation_item i join app_user u on u.id = i.user_id where i.id = ?")
                .param(id)
                .query(ItemRepository::row)
                .optional();
    }

    /** A page, the newest first, before {@code after} unless that is empty; of all states where {@code state} is empty. */
    List<Row> page(String state, String after, int limit) {
        return jdbc.sql("select i.*, u.email from moderation_item i join app_user u on u.id = i.user_id"
                        + " where (? = '' or i.state = ?) and (? = '' or i.id < ?) order by i.id desc limit " + limit)
                .params(state, state, after, after)
                .query(ItemRepository::row)
                .list();
    }

    boolean decide(String id, boolean upheld, String actor, Instant now) {
        return jdbc.sql("update moderation_item set state = ?, decided_by = ?, decided_at = ? where id = ?")
                        .params(upheld ? "upheld" : "dismissed", actor, Times.sql(now), id)
                        .update()
                == 1;
    }

    /** From when on strikes of an account count. Its row is locked, so that of two at once the second sees the first. */
    Instant lockStrikesSince(String userId) {
        jdbc.sql("insert into moderation_standing (user_id, strikes_since) values (?, ?) on conflict do nothing")
                .params(userId, Times.sql(Instant.EPOCH))
                .update();
        return jdbc.sql("select strikes_since from moderation_standing where user_id = ? for update")
                .param(userId)
                .query((row, n) -> Times.get(row, "strikes_since"))
                .single();
    }

    int countStrikes(String userId, Instant since) {
        return jdbc.sql("select count(*) from moderation_item where user_id = ? and created_at > ?"
                        + " and direction = 'input' and action <> 'warn' and state <> 'dismissed'")
                .params(userId, Times.sql(since))
                .query(Integer.class)
                .single();
    }

    /** Violations of all accounts. */
    long countViolations(Instant since) {
        return jdbc.sql("select count(*) from moderation_item where created_at > ? and action <> 'warn'")
                .param(Times.sql(since))
                .query(Long.class)
                .single();
    }

    void suspend(String userId, Instant until) {
        jdbc.sql("update moderation_standing set suspended_until = ? where user_id = ?")
                .params(Times.sql(until), userId)
                .update();
    }

    void reset(String userId, Instant now) {
        jdbc.sql("update moderation_standing set strikes_since = ?, suspended_until = null where user_id = ?")
                .params(Times.sql(now), userId)
                .update();
    }

    /** A page of accounts by their ids. */
    List<Account> accounts(String after, int limit) {
        return jdbc.sql("select s.*, u.email from moderation_standing s join app_user u on u.id = s.user_id"
                        + " where s.user_id > ? order by s.user_id limit " + limit)
                .param(after)
                .query((row, n) -> new Account(
                        row.getString("user_id"),
                        row.getString("email"),
                        Times.get(row, "strikes_since"),
                        Times.getOrNull(row, "suspended_until")))
                .list();
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(
                row.getString("id"),
                row.getString("user_id"),
                row.getString("email"),
                row.getString("answer_id"),
                row.getString("endpoint"),
                row.getString("direction"),
                row.getString("category"),
                row.getString("action"),
                row.getString("excerpt"),
                row.getObject("probability", Double.class),
                row.getString("state"),
                row.getString("decided_by"),
                Times.getOrNull(row, "decided_at"),
                Times.get(row, "created_at"));
    }
}
