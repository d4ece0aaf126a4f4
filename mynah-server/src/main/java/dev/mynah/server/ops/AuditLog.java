package dev.mynah.server.ops;

import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Like;
import dev.mynah.server.store.Times;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

    /**
     * A line.
     *
     * @param actorEmail   the actor's address, where it is a user
     * @param subjectEmail the subject's address, where it is a user
     */
    public record Event(
            String id,
            String actor,
            @Nullable String actorEmail,
            String action,
            String subject,
            @Nullable String subjectEmail,
            String detail,
            Instant createdAt) {}

    /**
     * Which lines are looked for.
     *
     * @param search what stands in the ids or addresses of actor or subject, or in the detail, in whatever case; empty for all
     * @param action how the action begins, such as {@code user.}; empty for all
     * @param from   not earlier
     * @param until  earlier
     */
    public record Filter(String search, String action, Instant from, Instant until) {}

    /** A page, the newest first, before {@code after} unless that is empty. */
    public List<Event> page(Filter filter, String after, int limit) {
        String containing = Like.containing(filter.search());
        return jdbc.sql("""
                        select e.*, a.email as actor_email, s.email as subject_email from audit_event e
                            left join app_user a on a.id = e.actor left join app_user s on s.id = e.subject
                        where (? = '' or e.id < ?) and e.created_at >= ? and e.created_at < ? and e.action like ? escape '!'
                            and (? = '' or lower(e.actor) like ? escape '!' or lower(coalesce(a.email, '')) like ? escape '!' or lower(e.subject) like ? escape '!'
                                or lower(coalesce(s.email, '')) like ? escape '!' or lower(e.detail) like ? escape '!')
                        order by e.id desc limit\s""" + limit)
                .params(after, after, Times.sql(filter.from()), Times.sql(filter.until()))
                .params(Like.beginning(filter.action()), filter.search())
                .params(containing, containing, containing, containing, containing)
                .query((row, n) -> new Event(
                        row.getString("id"),
                        row.getString("actor"),
                        row.getString("actor_email"),
                        row.getString("action"),
                        row.getString("subject"),
                        row.getString("subject_email"),
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
