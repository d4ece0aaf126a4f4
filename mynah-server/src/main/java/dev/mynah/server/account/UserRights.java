package dev.mynah.server.account;

import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Transactions;
import java.util.List;
import java.util.Optional;
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

    /** Takes all second factors from a user who has lost them, and ends the sessions, in the name of {@code actor}. */
    public void resetSecondFactor(String id, String actor) {
        transactions.run(() -> {
            factors.reset(id, actor);
            sessions.deleteOfUser(id);
        });
    }

    /**
     * Sets role and state of a user in the name of {@code actor}; who is no longer active is signed out. Empty, and nothing changed, where no administrator would be left.
     */
    public Optional<User> change(String id, Role role, UserState state, String actor) {
        return transactions.call(() -> {
            // Locked, so that two administrators do not dismiss each other.
            List<String> administrators = users.lockAdministrators();
            boolean stays = role == Role.ADMINISTRATOR && state == UserState.ACTIVE;
            if (!stays && administrators.equals(List.of(id))) {
                return Optional.empty();
            }
            User old = users.find(id).orElseThrow();
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
            return users.find(id);
        });
    }
}
