package dev.mynah.server.account;

import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Tokens;
import dev.mynah.server.store.Transactions;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/** The first administrator, whom an empty database is given. */
@Component
public final class Administrators {
    private static final String EMAIL = "admin@localhost";
    private static final String PLAN = "payg";

    private final UserRepository users;
    private final Accounts accounts;
    private final ApiKeys keys;
    private final Transactions transactions;
    private final AuditLog audit;

    public Administrators(
            UserRepository users, Accounts accounts, ApiKeys keys, Transactions transactions, AuditLog audit) {
        this.users = users;
        this.accounts = accounts;
        this.keys = keys;
        this.transactions = transactions;
        this.audit = audit;
    }

    /** How to come in for the first time: both are shown once. */
    public record FirstStart(String email, String password, String apiKey) {}

    /**
     * Makes the administrator if there is no user yet.
     *
     * @param welcome what further is to be done for the new organisation in the same transaction, such as an opening credit
     */
    public Optional<FirstStart> ensureFirst(Consumer<Organisation> welcome) {
        if (!users.isEmpty()) {
            return Optional.empty();
        }
        String password = Tokens.next("");
        Accounts.Order order =
                new Accounts.Order(EMAIL, "Administrator", accounts.hash(password), true, Role.ADMINISTRATOR, PLAN);
        // Of two replicas that start at once, one finds the address taken.
        return transactions.call(() -> accounts.create(order).map(made -> {
            welcome.accept(made.organisation());
            audit.record(AuditLog.SYSTEM, "user.create", made.user().id(), "the first administrator");
            ApiKeys.Created key = keys.create(
                    new ApiKeys.Order(made.project().id(), made.user().id(), "First key", Scopes.ALL, null));
            return new FirstStart(EMAIL, password, key.secret());
        }));
    }
}
