package dev.mynah.server.retention;

import dev.mynah.server.config.ServiceConfig;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.ops.RepeatedTask;
import dev.mynah.server.store.Times;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
                new Rule("conversation", "id", "archived and updated_at < ?", days.archivedConversationDays()),
                new Rule("feedback", "message_id", "updated_at < ?", days.feedbackDays()),
                new Rule("answer_ranking", "question_id", "updated_at < ?", days.feedbackDays()),
                new Rule("moderation_item", "id", "decided_at < ?", days.moderationDays()),
                new Rule("response", "id", "created_at < ?", days.responseDays()),
                new Rule("chat_completion", "id", "created_at < ?", days.responseDays()),
                // Their bytes go with the next clearing of files that no row tells of.
                new Rule("stored_file", "id", "created_at < ?", days.fileDays()),
                new Rule("audit_event", "id", "created_at < ?", days.auditDays()),
                // Forgotten by then.
                new Rule("login_failure", "subject", "last_at < ?", 1));
    }

    /**
     * What is deleted.
     *
     * @param condition with the moment before which it holds
     * @param days      0 for never
     */
    private record Rule(String table, String key, String condition, int days) {}

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
            if (rule.days() > 0) {
                delete(rule, now.minus(Duration.ofDays(rule.days())));
            }
        }
    }

    /** In short transactions, so that nobody waits long for one; each is in the audit log. */
    private void delete(Rule rule, Instant before) {
        int deleted;
        do {
            deleted = transactions.call(() -> {
                int rows = jdbc.sql("delete from " + rule.table() + " where " + rule.key() + " in (select " + rule.key()
                                + " from " + rule.table() + " where " + rule.condition() + " limit " + BATCH + ")")
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
