package dev.mynah.server.account;

import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.ServerSecret;
import dev.mynah.server.store.Tokens;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Signing up, in and out. */
@Component
public final class Sessions {
    /** How long a browser stays signed in. */
    public static final Duration LIFETIME = Duration.ofDays(30);

    private static final String PLAN = "free";
    // What is free of waiting within a day; many people may share an address.
    private static final int FAILURES_OF_ACCOUNT = 5;
    private static final int FAILURES_OF_ADDRESS = 50;
    private static final int SIGN_UPS_OF_ADDRESS = 200;

    private final SessionRepository sessions;
    private final UserRepository users;
    private final OrganisationRepository organisations;
    private final Accounts accounts;
    private final LoginThrottle throttle;
    private final Transactions transactions;
    private final ServerSecret secret;
    private final AuditLog audit;
    private final Clock clock;
    private final String nobodysHash;

    public Sessions(
            SessionRepository sessions,
            UserRepository users,
            OrganisationRepository organisations,
            Accounts accounts,
            LoginThrottle throttle,
            Transactions transactions,
            ServerSecret secret,
            AuditLog audit,
            Clock clock) {
        this.sessions = sessions;
        this.users = users;
        this.organisations = organisations;
        this.accounts = accounts;
        this.throttle = throttle;
        this.transactions = transactions;
        this.secret = secret;
        this.audit = audit;
        this.clock = clock;
        nobodysHash = accounts.hash(Tokens.next(""));
    }

    /** A new session: the token goes into the browser's cookie. */
    public record SignedIn(User user, String token, boolean mustChangePassword) {}

    /**
     * Makes an account on the Free plan, and signs it in; empty where the address is taken.
     *
     * @param address where the request came from
     * @throws ThrottledException if too many accounts were made from there
     */
    public Optional<SignedIn> signUp(String email, String name, String password, String address) {
        requireMayTry("signup:" + address, SIGN_UPS_OF_ADDRESS);
        String hash = accounts.hash(password);
        return transactions.call(() -> accounts.create(new Accounts.Order(email, name, hash, false, Role.USER, PLAN))
                .map(made -> {
                    audit.record(made.user().id(), "user.sign_up", made.user().id(), "");
                    return new SignedIn(made.user(), open(made.user()), false);
                }));
    }

    /**
     * Signs in; empty where address or password are wrong, which of them is not told.
     *
     * @param address where the request came from
     * @throws ThrottledException after too many failures
     */
    public Optional<SignedIn> signIn(String email, String password, String address) {
        String account = "account:" + Accounts.email(email);
        requireMayTry(account, FAILURES_OF_ACCOUNT);
        requireMayTry("address:" + address, FAILURES_OF_ADDRESS);
        Optional<User> user =
                users.findByEmail(Accounts.email(email)).filter(found -> found.state() == UserState.ACTIVE);
        Optional<UserRepository.Password> stored = user.flatMap(found -> users.password(found.id()));
        // As much work for an address that is unknown: the time must not tell.
        boolean matches = accounts.matches(
                password, stored.map(UserRepository.Password::hash).orElse(nobodysHash));
        if (user.isEmpty() || stored.isEmpty() || !matches) {
            return Optional.empty();
        }
        throttle.succeeded(account);
        throttle.takeBack("address:" + address);
        return Optional.of(transactions.call(() -> {
            audit.record(user.get().id(), "user.sign_in", user.get().id(), "");
            return new SignedIn(user.get(), open(user.get()), stored.get().mustChange());
        }));
    }

    private void requireMayTry(String subject, int free) {
        throttle.attempt(subject, free).ifPresent(wait -> {
            throw new ThrottledException(wait);
        });
    }

    private String open(User user) {
        Instant now = clock.instant();
        String token = Tokens.next("");
        sessions.deleteExpired(now);
        sessions.insert(secret.hash(token), user.id(), now, now.plus(LIFETIME));
        return token;
    }

    /** Whether a signed-in user knows the password. */
    public boolean confirms(String userId, String password) {
        requireMayTry("password:" + userId, FAILURES_OF_ACCOUNT);
        boolean matches = users.password(userId)
                .map(stored -> accounts.matches(password, stored.hash()))
                .orElse(false);
        if (matches) {
            throttle.succeeded("password:" + userId);
        }
        return matches;
    }

    /** Changes a password, and ends all sessions but a new one; empty where the old one is wrong. */
    public Optional<SignedIn> changePassword(String userId, String oldPassword, String newPassword) {
        if (!confirms(userId, oldPassword)) {
            return Optional.empty();
        }
        String hash = accounts.hash(newPassword);
        return transactions.call(() -> users.find(userId).map(user -> {
            users.setPassword(userId, new UserRepository.Password(hash, false), clock.instant());
            sessions.deleteOfUser(userId);
            audit.record(userId, "user.change_password", userId, "");
            return new SignedIn(user, open(user), false);
        }));
    }

    /** Whom a cookie stands for. */
    public Optional<Caller> authenticate(String token) {
        return sessions.user(secret.hash(token), clock.instant())
                .flatMap(user -> organisations.projectsOf(user.id()).stream()
                        .findFirst()
                        .map(project -> new Caller(
                                user.id(), project.organisationId(), project.id(), null, user.role(), Scopes.ALL)));
    }

    public void signOut(String token) {
        sessions.delete(secret.hash(token));
    }
}
