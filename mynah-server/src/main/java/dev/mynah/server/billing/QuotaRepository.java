package dev.mynah.server.billing;

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
    public record Used(long requests, long tokens) {}

    /** Counts a request of up to {@code tokens}, or tells that the limits have no room for it. */
    public boolean take(String organisationId, Span span, Plan.Limits limits, long tokens, Instant now) {
        // Nearly always the window runs already, and one statement does.
        if (tryTake(organisationId, span, limits, tokens, now)) {
            return true;
        }
        roll(organisationId, span, now);
        return tryTake(organisationId, span, limits, tokens, now);
    }

    private boolean tryTake(String organisationId, Span span, Plan.Limits limits, long tokens, Instant now) {
        return jdbc.sql("""
                        update quota_window set requests = requests + 1, tokens = tokens + ?
                        where organisation_id = ? and span = ? and started_at >= ? and requests + 1 <= ? and tokens + ? <= ?
                        """)
                        .params(tokens, organisationId, span.id(), Times.sql(span.start(now)))
                        .params(limits.requests(), tokens, limits.tokens())
                        .update()
                == 1;
    }

    /** Takes back tokens that were counted at {@code takenAt} and not used after all. */
    public void giveBack(String organisationId, Span span, long tokens, Instant takenAt) {
        jdbc.sql(
                        "update quota_window set tokens = tokens - ? where organisation_id = ? and span = ? and started_at = ? and tokens >= ?")
                .params(tokens, organisationId, span.id(), Times.sql(span.start(takenAt)), tokens)
                .update();
    }

    public Used used(String organisationId, Span span, Instant now) {
        return jdbc.sql(
                        "select requests, tokens from quota_window where organisation_id = ? and span = ? and started_at = ?")
                .params(organisationId, span.id(), Times.sql(span.start(now)))
                .query((row, n) -> new Used(row.getLong("requests"), row.getLong("tokens")))
                .optional()
                .orElse(new Used(0, 0));
    }

    /** Begins the window of {@code now}, if it is not the one that runs. */
    private void roll(String organisationId, Span span, Instant now) {
        Object start = Times.sql(span.start(now));
        int current = jdbc.sql(
                        "update quota_window set started_at = ?, requests = 0, tokens = 0 where organisation_id = ? and span = ? and started_at < ?")
                .params(start, organisationId, span.id(), start)
                .update();
        if (current == 0) {
            jdbc.sql(
                            "insert into quota_window (organisation_id, span, started_at, requests, tokens) values (?, ?, ?, 0, 0) on conflict do nothing")
                    .params(organisationId, span.id(), start)
                    .update();
        }
    }
}
