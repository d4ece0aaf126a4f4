package dev.mynah.server.account;

import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Signing in by what another service says of somebody. An account is linked by its address only where both sides know whose that is. */
@Component
public final class IdentitySignIn {
    private static final String PLAN = "free";
    private static final int MAX_NAME = 100;

    private final IdentityRepository identities;
    private final UserRepository users;
    private final Accounts accounts;
    private final SignIn signIn;
    private final AccountSettings settings;
    private final Transactions transactions;
    private final AuditLog audit;
    private final Clock clock;

    IdentitySignIn(
            IdentityRepository identities,
            UserRepository users,
            Accounts accounts,
            SignIn signIn,
            AccountSettings settings,
            Transactions transactions,
            AuditLog audit,
            Clock clock) {
        this.identities = identities;
        this.users = users;
        this.accounts = accounts;
        this.signIn = signIn;
        this.settings = settings;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Somebody, as the other service says.
     *
     * @param email the address, or empty where it is unknown or the service has not checked it
     */
    public record Identity(String issuer, String subject, Optional<String> email, String name) {}

    /** Why somebody may not come in. */
    public enum Refusal {
        /** The other service vouches for no address. */
        EMAIL_UNVERIFIED,
        /** There is an account with this address, but nobody has shown whose it is: whoever made it may know its password. */
        ACCOUNT_UNVERIFIED,
        INVITATION_REQUIRED,
        ACCOUNT_CLOSED
    }

    /** Somebody who may not come in. */
    public static final class RefusedException extends RuntimeException {
        private final Refusal refusal;

        RefusedException(Refusal refusal) {
            super(refusal.name());
            this.refusal = refusal;
        }

        public Refusal refusal() {
            return refusal;
        }
    }

    /**
     * Lets somebody in, or asks for the second step.
     *
     * @throws RefusedException if not
     */
    public SignIn.Progress signIn(Identity identity, Client client) {
        return transactions.call(() -> {
            String userId =
                    identities.user(identity.issuer(), identity.subject()).orElseGet(() -> link(identity));
            User user = users.find(userId)
                    .filter(found -> found.state() == UserState.ACTIVE)
                    .orElseThrow(() -> new RefusedException(Refusal.ACCOUNT_CLOSED));
            return signIn.proved(user, client);
        });
    }

    private String link(Identity identity) {
        String email =
                identity.email().map(Accounts::email).orElseThrow(() -> new RefusedException(Refusal.EMAIL_UNVERIFIED));
        User user = users.findByEmail(email).orElseGet(() -> create(email, identity.name()));
        if (!user.isEmailVerified()) {
            throw new RefusedException(Refusal.ACCOUNT_UNVERIFIED);
        }
        identities.insert(identity.issuer(), identity.subject(), user.id(), clock.instant());
        audit.record(user.id(), "user.link_identity", user.id(), identity.issuer());
        // Where two came at once, the first decides.
        return identities.user(identity.issuer(), identity.subject()).orElseThrow();
    }

    private User create(String email, String name) {
        if (!settings.openSignUp()) {
            throw new RefusedException(Refusal.INVITATION_REQUIRED);
        }
        String shown = name.isBlank() ? email : name.strip();
        Accounts.Order order = new Accounts.Order(
                email, shown.substring(0, Math.min(MAX_NAME, shown.length())), null, false, Role.USER, PLAN);
        return accounts.create(order)
                .map(made -> {
                    users.setEmailVerified(made.user().id(), clock.instant());
                    audit.record(made.user().id(), "user.sign_up", made.user().id(), "");
                    return users.find(made.user().id()).orElseThrow();
                })
                .or(() -> users.findByEmail(email))
                .orElseThrow();
    }
}
