package dev.mynah.server.retention;

import dev.mynah.server.config.ServiceConfig;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.ops.RepeatedTask;
import dev.mynah.server.store.Times;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.web.Idempotency;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Deletes once a day, in one of the replicas, what is older than the configuration keeps it. The books, and what they refer to, stay. */
@Component
public final class RetentionJob extends RepeatedTask {
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);
    private static final Duration RUN_EVERY = Duration.ofDays(1);
    private static final int BATCH = 500;

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final AuditLog audit;
    private final Clock clock;
    private final List<Rule> rules;

    RetentionJob(JdbcClient jdbc, Transactions transactions, AuditLog audit, ServiceConfig config, Clock clock) {
        super("deleting what is kept no longer", LOOK_EVERY);
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
        ServiceConfig.Retention days = config.retention();
        rules = List.of(
                // What has a term of its own, whatever is configured.
                Rule.after("response", "id", "expires_at <= ?", Duration.ZERO),
                Rule.after("chat_completion", "id", "expires_at <= ?", Duration.ZERO),
                Rule.after("idempotency_key", "organisation_id, request_key", "created_at < ?", Idempotency.REMEMBERED),
                Rule.days("conversation", "id", "archived and updated_at < ?", days.archivedConversationDays()),
                Rule.days("feedback", "message_id", "updated_at < ?", days.feedbackDays()),
                Rule.days("answer_ranking", "question_id", "updated_at < ?", days.feedbackDays()),
                Rule.days("moderation_item", "id", "decided_at < ?", days.moderationDays()),
                Rule.days("response", "id", "created_at < ?", days.responseDays()),
                Rule.days("chat_completion", "id", "created_at < ?", days.responseDays()),
                // Their bytes go with the next clearing of files that no row tells of.
                Rule.days("stored_file", "id", "created_at < ?", days.fileDays()),
                Rule.days("audit_event", "id", "created_at < ?", days.auditDays()),
                // Forgotten by then.
                Rule.after("login_failure", "subject", "last_at < ?", Duration.ofDays(1)));
    }

    /**
     * What is deleted.
     *
     * @param key       the columns of its key
     * @param condition with the moment before which it holds
     * @param age       nothing for never
     */
    private record Rule(String table, String key, String condition, Optional<Duration> age) {
        static Rule after(String table, String key, String condition, Duration age) {
            return new Rule(table, key, condition, Optional.of(age));
        }

        /** @param days 0 for never */
        static Rule days(String table, String key, String condition, int days) {
            return new Rule(
                    table, key, condition, Optional.of(Duration.ofDays(days)).filter(Duration::isPositive));
        }
    }

    @Override
    protected void once() {
        Instant now = clock.instant();
        boolean ours = jdbc.sql("update scheduled_job set next_at = ? where name = 'retention' and next_at <= ?")
                        .params(Times.sql(now.plus(RUN_EVERY)), Times.sql(now))
                        .update()
                == 1;
        if (ours) {
            run(now);
        }
    }

    /** Deletes what is too old at {@code now}. */
    public void run(Instant now) {
        for (Rule rule : rules) {
            rule.age().ifPresent(age -> delete(rule, now.minus(age)));
        }
    }

    /** In short transactions, so that nobody waits long for one; each is in the audit log. */
    private void delete(Rule rule, Instant before) {
        int deleted;
        do {
            deleted = transactions.call(() -> {
                int rows = jdbc.sql("delete from " + rule.table() + " where (" + rule.key() + ") in (select "
                                + rule.key() + " from " + rule.table() + " where " + rule.condition() + " limit "
                                + BATCH + ")")
                        .param(Times.sql(before))
                        .update();
                if (rows > 0) {
                    audit.record(
                            AuditLog.SYSTEM, "retention.delete", rule.table(), rows + " rows from before " + before);
                }
                return rows;
            });
        } while (deleted > 0);
    }
}
