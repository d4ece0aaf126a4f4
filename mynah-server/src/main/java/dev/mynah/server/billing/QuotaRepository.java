package dev.mynah.server.billing;

import dev.mynah.server.store.Rounds;
import dev.mynah.server.store.Sql;
import dev.mynah.server.store.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How much of its plan's limits an organisation has used in the minute and the day that run (UTC). */
@Component
public final class QuotaRepository {
    private final JdbcClient jdbc;

    public QuotaRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The windows that limits hold for. */
    public enum Span {
        MINUTE(Duration.ofMinutes(1)),
        DAY(Duration.ofDays(1));

        private final Duration length;

        Span(Duration length) {
            this.length = length;
        }

        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        public Instant start(Instant moment) {
            long seconds = length.toSeconds();
            return Instant.ofEpochSecond(Math.floorDiv(moment.getEpochSecond(), seconds) * seconds);
        }

        public Instant end(Instant moment) {
            return start(moment).plus(length);
        }
    }

    /** What was used within a window. */
    public record Used(long requests, long tokens) {
        static Used of(Rounds.Result found) {
            return found.rows().stream()
                    .map(row -> new Used(Rounds.number(row, "requests"), Rounds.number(row, "tokens")))
                    .findFirst()
                    .orElse(new Used(0, 0));
        }
    }

    /** Counts a request of up to {@code tokens} in the window that runs, or begins that of {@code now}; changes no row where the limits have no room for it, or the organisation has no window yet. */
    Sql take(String organisationId, Span span, Plan.Limits limits, long tokens, Instant now) {
        Object start = Times.sql(span.start(now));
        return Sql.of(
                """
                update quota_window set requests = case when started_at >= ? then requests + 1 else 1 end,
                    tokens = case when started_at >= ? then tokens + ? else ? end, started_at = case when started_at >= ? then started_at else ? end
                where organisation_id = ? and span = ? and case when started_at >= ? then requests else 0 end < ?
                    and case when started_at >= ? then tokens else 0 end <= ?
                """,
                start,
                start,
                tokens,
                tokens,
                start,
                start,
                organisationId,
                span.id(),
                start,
                limits.requests(),
                start,
                limits.tokens() - tokens);
    }

    /** Takes back tokens that were counted at {@code takenAt} and not used after all. */
    Sql giveBack(String organisationId, Span span, long tokens, Instant takenAt) {
        return Sql.of(
                "update quota_window set tokens = tokens - ? where organisation_id = ? and span = ? and started_at = ? and tokens >= ?",
                tokens,
                organisationId,
                span.id(),
                Times.sql(span.start(takenAt)),
                tokens);
    }

    /** Reads what {@link #used} gives. */
    Sql use(String organisationId, Span span, Instant now) {
        return Sql.of(
                "select requests, tokens from quota_window where organisation_id = ? and span = ? and started_at = ?",
                organisationId,
                span.id(),
                Times.sql(span.start(now)));
    }

    public Used used(String organisationId, Span span, Instant now) {
        Sql use = use(organisationId, span, now);
        return jdbc.sql(use.text())
                .params(use.values())
                .query((row, n) -> new Used(row.getLong("requests"), row.getLong("tokens")))
                .optional()
                .orElse(new Used(0, 0));
    }

    /** Begins an organisation's first window, where it has none. */
    void begin(String organisationId, Span span, Instant now) {
        jdbc.sql(
                        "insert into quota_window (organisation_id, span, started_at, requests, tokens) values (?, ?, ?, 0, 0) on conflict do nothing")
                .params(organisationId, span.id(), Times.sql(span.start(now)))
                .update();
    }
}
