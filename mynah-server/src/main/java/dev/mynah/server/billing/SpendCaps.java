package dev.mynah.server.billing;

import dev.mynah.server.store.Rounds;
import dev.mynah.server.store.Sql;
import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The most that an organisation, a project, a user or an API key may spend on answers in a calendar month (UTC). What an answer may cost at most counts from its reservation on, so that a
 * cap is never passed, however many ask at once. All of this happens while the organisation's wallet is locked.
 */
@Component
public final class SpendCaps {
    private static final String OF_ANSWER = """
            organisation_id = ? and (kind = 'organisation' or (kind = 'project' and subject_id = ?)
                or (kind = 'user' and subject_id = ?) or (kind = 'api_key' and subject_id = ?))
            """;
    private static final String SUBJECT = "organisation_id = ? and kind = ? and subject_id = ?";
    /** What the reservations of answers that began within the cap's month come to. */
    public static final String COUNTED = """
            (select coalesce(sum(case when r.state = 'open' then r.amount else s.amount end), 0)
                from answer a join reservation r on r.answer_id = a.id left join settlement s on s.answer_id = a.id
                where r.account_id is not null and r.created_at >= c.month_start and r.created_at < c.month_end
                    and a.organisation_id = c.organisation_id
                    and c.subject_id = case c.kind when 'organisation' then a.organisation_id when 'project' then a.project_id
                        when 'user' then a.user_id else a.api_key_id end)
            """;

    private final JdbcClient jdbc;

    public SpendCaps(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What a cap holds for. */
    public enum Kind {
        ORGANISATION,
        PROJECT,
        USER,
        API_KEY;

        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        String words() {
            return this == API_KEY ? "API key" : id();
        }

        /** @throws IllegalArgumentException if there is none of this name */
        public static Kind of(String id) {
            for (Kind kind : values()) {
                if (kind.id().equals(id)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("kind must be one of organisation, project, user, api_key");
        }
    }

    /**
     * A cap, with what was spent of it this month.
     *
     * @param amount in micro-units, or null where it was lifted
     */
    public record Cap(Kind kind, String subjectId, @Nullable Long amount, long spent) {}

    /** The caps of an organisation that hold. */
    public List<Cap> of(String organisationId, Instant now) {
        return jdbc.sql(
                        "select * from spend_cap where organisation_id = ? and amount is not null order by kind, subject_id")
                .param(organisationId)
                .query((row, n) -> cap(row, now))
                .list();
    }

    private static Cap cap(ResultSet row, Instant now) throws SQLException {
        boolean runs = Times.get(row, "month_end").isAfter(now);
        return new Cap(
                Kind.of(row.getString("kind")),
                row.getString("subject_id"),
                row.getObject("amount", Long.class),
                runs ? row.getLong("spent") : 0);
    }

    /**
     * Sets or lifts a cap, while the organisation's wallet is locked. Its count begins with what this month has seen.
     *
     * @param amount micro-units a month, or null for no limit
     */
    public void set(String organisationId, Kind kind, String subjectId, @Nullable Long amount, Instant now) {
        int known = jdbc.sql("update spend_cap set amount = ? where " + SUBJECT)
                .param(amount)
                .params(organisationId, kind.id(), subjectId)
                .update();
        if (known == 0 && amount != null) {
            jdbc.sql(
                            "insert into spend_cap (organisation_id, kind, subject_id, amount, month_start, month_end, spent) values (?, ?, ?, ?, ?, ?, 0)")
                    .params(organisationId, kind.id(), subjectId, amount, Times.sql(start(now)), Times.sql(end(now)))
                    .update();
            jdbc.sql("update spend_cap c set spent = " + COUNTED + " where " + SUBJECT)
                    .params(organisationId, kind.id(), subjectId)
                    .update();
        }
    }

    /** Counts what an answer may cost: statements for the transaction that it belongs to, whose results {@link #taken} reads. */
    static List<Sql> take(Spender spender, long amount, Instant now) {
        return List.of(
                Sql.of(
                        "update spend_cap set month_start = ?, month_end = ?, spent = 0 where organisation_id = ? and month_end <= ?",
                        Times.sql(start(now)),
                        Times.sql(end(now)),
                        spender.organisationId(),
                        Times.sql(now)),
                change(spender, amount, now),
                of("select kind from spend_cap where spent > amount and " + OF_ANSWER, spender));
    }

    /**
     * @param results of {@link #take}
     * @throws SpendCapException if a cap does not leave so much; the transaction must then be undone
     */
    static void taken(List<Rounds.Result> results) {
        results.getLast().rows().stream().findFirst().ifPresent(row -> {
            throw new SpendCapException(Kind.of(String.valueOf(row.get("kind"))));
        });
    }

    /** Changes what an answer that was counted at {@code takenAt} counts for. */
    static Sql change(Spender spender, long amount, Instant takenAt) {
        return of(
                "update spend_cap set spent = spent + ? where month_start = ? and " + OF_ANSWER,
                spender,
                amount,
                Times.sql(start(takenAt)));
    }

    private static Sql of(String text, Spender spender, Object... before) {
        List<@Nullable Object> values = new ArrayList<>(Arrays.asList(before));
        values.addAll(
                Arrays.asList(spender.organisationId(), spender.projectId(), spender.userId(), spender.apiKeyId()));
        return new Sql(text, values);
    }

    private static Instant start(Instant moment) {
        return month(moment).toInstant();
    }

    private static Instant end(Instant moment) {
        return month(moment).plusMonths(1).toInstant();
    }

    private static ZonedDateTime month(Instant moment) {
        return moment.atZone(ZoneOffset.UTC).withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS);
    }
}
