package dev.mynah.server.privacy;

import dev.mynah.server.account.ApiKey;
import dev.mynah.server.account.ApiKeyRepository;
import dev.mynah.server.account.OrganisationRepository;
import dev.mynah.server.account.SessionRepository;
import dev.mynah.server.account.UserRepository;
import dev.mynah.server.answer.Answers;
import dev.mynah.server.finetuning.FineTuningErasure;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.subscription.Subscriptions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Deletes accounts. The books and the audit log stay, and name a user who is nobody any more. */
@Component
final class Erasure {
    /** The tables whose rows with the user's id are deleted. */
    static final List<String> OWN = List.of(
            "conversation",
            "feedback",
            "answer_ranking",
            "assistant",
            "shared_conversation",
            "labelling_member",
            "stored_file",
            "upload",
            "response",
            "chat_completion",
            "idempotency_key",
            "batch",
            "one_time_token",
            "organisation_member",
            "external_identity",
            "passkey",
            "totp",
            "recovery_code",
            "moderation_item",
            "moderation_standing");

    private final UserRepository users;
    private final SessionRepository sessions;
    private final ApiKeyRepository keys;
    private final Answers answers;
    private final FineTuningErasure fineTuning;
    private final Subscriptions subscriptions;
    private final OrganisationRepository organisations;
    private final Transactions transactions;
    private final AuditLog audit;
    private final JdbcClient jdbc;
    private final Clock clock;

    Erasure(
            UserRepository users,
            SessionRepository sessions,
            ApiKeyRepository keys,
            Answers answers,
            FineTuningErasure fineTuning,
            Subscriptions subscriptions,
            OrganisationRepository organisations,
            Transactions transactions,
            AuditLog audit,
            JdbcClient jdbc,
            Clock clock) {
        this.users = users;
        this.sessions = sessions;
        this.keys = keys;
        this.answers = answers;
        this.fineTuning = fineTuning;
        this.subscriptions = subscriptions;
        this.organisations = organisations;
        this.transactions = transactions;
        this.audit = audit;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Why an account was not deleted. */
    enum Outcome {
        DONE,
        LAST_ADMINISTRATOR,
        /** Others are in an organisation that would have no owner. */
        LAST_OWNER
    }

    /** Deletes an account and everything in it, or nothing. */
    Outcome erase(String userId) {
        answers.requestStopOf(userId);
        List<String> models = new ArrayList<>();
        Outcome outcome = transactions.call(() -> {
            models.clear();
            if (users.lockAdministrators().equals(List.of(userId))) {
                return Outcome.LAST_ADMINISTRATOR;
            }
            if (organisations.memberships(userId).stream().anyMatch(membership -> isNeeded(userId, membership))) {
                return Outcome.LAST_OWNER;
            }
            // What is stored for the user at the same time is stored before, and goes too, or not at all.
            users.lock(userId);
            Instant now = clock.instant();
            List<String> alone = organisations.memberships(userId).stream()
                    .map(membership -> membership.organisation().id())
                    .filter(organisation -> organisations.members(organisation).size() == 1)
                    .toList();
            models.addAll(fineTuning.begin(userId, alone));
            // The books name them still.
            alone.forEach(this::eraseNames);
            sessions.deleteOfUser(userId);
            keys.ofUser(userId).stream().map(ApiKey::id).forEach(key -> keys.revoke(key, userId, now));
            OWN.forEach(table -> jdbc.sql("delete from " + table + " where user_id = ?")
                    .param(userId)
                    .update());
            subscriptions.releaseOf(userId);
            jdbc.sql("update api_key set name = '' where user_id = ?")
                    .param(userId)
                    .update();
            jdbc.sql(
                            "delete from login_failure where subject = (select 'account:' || email from app_user where id = ?)")
                    .param(userId)
                    .update();
            jdbc.sql("delete from invitation where invited_by = ? or email = (select email from app_user where id = ?)")
                    .params(userId, userId)
                    .update();
            jdbc.sql("delete from outgoing_mail where recipient = (select email from app_user where id = ?)")
                    .param(userId)
                    .update();
            users.erase(userId);
            audit.record(userId, "user.delete", userId, "");
            return Outcome.DONE;
        });
        if (outcome == Outcome.DONE) {
            fineTuning.finish(userId, models);
        }
        return outcome;
    }

    private void eraseNames(String organisationId) {
        jdbc.sql("update organisation set name = '' where id = ?")
                .param(organisationId)
                .update();
        jdbc.sql("update project set name = '' where organisation_id = ?")
                .param(organisationId)
                .update();
    }

    private boolean isNeeded(String userId, OrganisationRepository.Membership membership) {
        String organisation = membership.organisation().id();
        return organisations.lockOwners(organisation).equals(List.of(userId))
                && organisations.members(organisation).size() > 1;
    }
}
