package dev.mynah.server.ops;

import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Times;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Acts of administration and moderation, written in the transaction of the act itself. Nothing changes a line, and only retention deletes one, by its age. */
@Component
public final class AuditLog {
    /** Acts of the program itself. */
    public static final String SYSTEM = "system";

    private final JdbcClient jdbc;
    private final Clock clock;

    public AuditLog(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** A line. */
    public record Event(String id, String actor, String action, String subject, String detail, Instant createdAt) {}

    /** A page, the newest first, before {@code after} unless that is empty. */
    public List<Event> page(String after, int limit) {
        return jdbc.sql("select * from audit_event where (? = '' or id < ?) order by id desc limit " + limit)
                .params(after, after)
                .query((row, n) -> new Event(
                        row.getString("id"),
                        row.getString("actor"),
                        row.getString("action"),
                        row.getString("subject"),
                        row.getString("detail"),
                        Times.get(row, "created_at")))
                .list();
    }

    /**
     * Adds a line.
     *
     * @param actor   the user, or {@link #SYSTEM}
     * @param action  what was done, such as {@code api_key.revoke}
     * @param subject what it was done to
     * @param detail  further words for people; never a secret or a message's text
     */
    public void record(String actor, String action, String subject, String detail) {
        jdbc.sql("insert into audit_event (id, actor, action, subject, detail, created_at) values (?, ?, ?, ?, ?, ?)")
                .params(Ids.next("evt_"), actor, action, subject, detail, Times.sql(clock.instant()))
                .update();
    }
}
