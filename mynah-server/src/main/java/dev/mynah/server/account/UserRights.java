package dev.mynah.server.account;

import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Transactions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Changes what users may do. */
@Component
public final class UserRights {
    private final UserRepository users;
    private final SessionRepository sessions;
    private final SecondFactors factors;
    private final Transactions transactions;
    private final AuditLog audit;

    public UserRights(
            UserRepository users,
            SessionRepository sessions,
            SecondFactors factors,
            Transactions transactions,
            AuditLog audit) {
        this.users = users;
        this.sessions = sessions;
        this.factors = factors;
        this.transactions = transactions;
        this.audit = audit;
    }

    /** What became of a change, which is made as a whole or not at all. */
    public enum Change {
        DONE,
        /** Nobody has this id, or the account was deleted. */
        NO_SUCH_USER,
        /** No administrator would be left. */
        LAST_ADMINISTRATOR
    }

    /** Takes all second factors from a user who has lost them, and ends the sessions, in the name of {@code actor}. */
    public void resetSecondFactor(String id, String actor) {
        transactions.run(() -> {
            factors.reset(id, actor);
            sessions.deleteOfUser(id);
        });
    }

    /**
     * Sets role, state or both of a user in the name of {@code actor}; who is no longer active is signed out.
     *
     * @param wishedRole  null to leave it as it is
     * @param wishedState null to leave it as it is
     */
    public Change change(String id, @Nullable Role wishedRole, @Nullable UserState wishedState, String actor) {
        return transactions.call(() -> {
            // Locked, so that two administrators do not dismiss each other.
            List<String> administrators = users.lockAdministrators();
            // And the user, so that what others change at the same time stays.
            if (!users.lock(id)) {
                return Change.NO_SUCH_USER;
            }
            User old = users.find(id).orElseThrow();
            Role role = wishedRole == null ? old.role() : wishedRole;
            UserState state = wishedState == null ? old.state() : wishedState;
            boolean stays = role == Role.ADMINISTRATOR && state == UserState.ACTIVE;
            if (!stays && administrators.equals(List.of(id))) {
                return Change.LAST_ADMINISTRATOR;
            }
            users.setRights(id, role, state);
            if (state != UserState.ACTIVE) {
                sessions.deleteOfUser(id);
            }
            if (old.role() != role) {
                audit.record(actor, "user.role", id, old.role().id() + " -> " + role.id());
            }
            if (old.state() != state) {
                audit.record(actor, "user.state", id, old.state().id() + " -> " + state.id());
            }
            return Change.DONE;
        });
    }
}
