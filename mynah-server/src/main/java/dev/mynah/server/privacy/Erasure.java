package dev.mynah.server.privacy;

import dev.mynah.server.account.ApiKey;
import dev.mynah.server.account.ApiKeyRepository;
import dev.mynah.server.account.SessionRepository;
import dev.mynah.server.account.UserRepository;
import dev.mynah.server.answer.Answers;
import dev.mynah.server.answer.RunningAnswer;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.subscription.Subscriptions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Deletes accounts. The books and the audit log stay, and name a user who is nobody any more. */
@Component
final class Erasure {
    private static final List<String> OWN = List.of(
            "conversation",
            "feedback",
            "answer_ranking",
            "assistant",
            "shared_conversation",
            "labelling_member",
            "moderation_item",
            "moderation_standing");

    private final UserRepository users;
    private final SessionRepository sessions;
    private final ApiKeyRepository keys;
    private final Answers answers;
    private final Subscriptions subscriptions;
    private final Transactions transactions;
    private final AuditLog audit;
    private final JdbcClient jdbc;
    private final Clock clock;

    Erasure(
            UserRepository users,
            SessionRepository sessions,
            ApiKeyRepository keys,
            Answers answers,
            Subscriptions subscriptions,
            Transactions transactions,
            AuditLog audit,
            JdbcClient jdbc,
            Clock clock) {
        this.users = users;
        this.sessions = sessions;
        this.keys = keys;
        this.answers = answers;
        this.subscriptions = subscriptions;
        this.transactions = transactions;
        this.audit = audit;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Deletes an account and everything in it; false, and nothing deleted, where no administrator would be left. */
    boolean erase(String userId) {
        answers.running().stream()
                .filter(answer -> answer.order().caller().userId().equals(userId))
                .forEach(RunningAnswer::cancel);
        return transactions.call(() -> {
            if (users.lockAdministrators().equals(List.of(userId))) {
                return false;
            }
            Instant now = clock.instant();
            sessions.deleteOfUser(userId);
            keys.ofUser(userId).stream().map(ApiKey::id).forEach(key -> keys.revoke(key, userId, now));
            OWN.forEach(table -> jdbc.sql("delete from " + table + " where user_id = ?")
                    .param(userId)
                    .update());
            subscriptions.releaseOf(userId);
            users.erase(userId);
            audit.record(userId, "user.delete", userId, "");
            return true;
        });
    }
}
