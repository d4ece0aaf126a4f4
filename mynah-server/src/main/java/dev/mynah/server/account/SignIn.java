package dev.mynah.server.account;

import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Tokens;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Signing up and in with a password, and the second step. */
@Component
public final class SignIn {
    /** How long the second step may take. */
    public static final Duration STEP_LIFETIME = Duration.ofMinutes(10);

    static final String STEP = "sign-in";

    private static final String PLAN = "free";
    // What is free of waiting within a day; many people may share an address.
    private static final int FAILURES_OF_ACCOUNT = 5;
    private static final int FAILURES_OF_ADDRESS = 50;
    // How old a session may be that stands for a password where there is none.
    private static final Duration FRESH = Duration.ofMinutes(10);

    private final Sessions sessions;
    private final SessionRepository sessionRepository;
    private final UserRepository users;
    private final Accounts accounts;
    private final SecondFactors factors;
    private final EmailAddresses addresses;
    private final Invitations invitations;
    private final OneTimeTokens tokens;
    private final LoginThrottle throttle;
    private final AccountSettings settings;
    private final Transactions transactions;
    private final AuditLog audit;
    private final Clock clock;
    private final String nobodysHash;

    public SignIn(
            Sessions sessions,
            SessionRepository sessionRepository,
            UserRepository users,
            Accounts accounts,
            SecondFactors factors,
            EmailAddresses addresses,
            Invitations invitations,
            OneTimeTokens tokens,
            LoginThrottle throttle,
            AccountSettings settings,
            Transactions transactions,
            AuditLog audit,
            Clock clock) {
        this.sessions = sessions;
        this.sessionRepository = sessionRepository;
        this.users = users;
        this.accounts = accounts;
        this.factors = factors;
        this.addresses = addresses;
        this.invitations = invitations;
        this.tokens = tokens;
        this.throttle = throttle;
        this.settings = settings;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
        nobodysHash = accounts.hash(Tokens.next(""));
    }

    /** How far an attempt has come. */
    public sealed interface Progress {}

    /** A new session: the token goes into the browser's cookie. */
    public record SignedIn(User user, String token, boolean mustChangePassword) implements Progress {}

    /** A code is wanted, beside this token. */
    public record CodeWanted(String token) implements Progress {}

    /**
     * What somebody says who signs up.
     *
     * @param invitation its token, or null
     */
    public record Order(
            String email,
            String name,
            String password,
            @Nullable String invitation) {}

    /**
     * Makes an account on the Free plan, and signs it in; empty where the address is taken.
     *
     * @throws ThrottledException    if too many accounts were made from there
     * @throws InvalidTokenException if there is an invitation, and it is not good or to another address
     */
    public Optional<SignedIn> signUp(Order order, Locale locale, Client client) {
        String email = Accounts.email(order.email());
        throttle.require(throttle.shared("signup:" + client.address()), settings.signUpsOfAddress());
        @Nullable String invitation = order.invitation();
        if (invitation == null) {
            throttle.require(throttle.shared("signup:" + email.replaceFirst(".*@", "@")), settings.signUpsOfDomain());
        } else if (invitations.look(invitation).isEmpty()) {
            // Before the work of hashing; accepting it checks once more.
            throw new InvalidTokenException();
        }
        String hash = accounts.hash(order.password());
        return transactions.call(() -> accounts.create(
                        new Accounts.Order(email, order.name(), hash, false, Role.USER, PLAN))
                .map(made -> {
                    audit.record(made.user().id(), "user.sign_up", made.user().id(), "");
                    if (invitation == null) {
                        addresses.sendVerification(made.user(), locale);
                    } else {
                        invitations.accept(invitation, made.user());
                    }
                    return new SignedIn(
                            users.find(made.user().id()).orElseThrow(),
                            sessions.open(made.user(), client, false),
                            false);
                }));
    }

    /**
     * Takes a password; empty where address or password are wrong, which of them is not told.
     *
     * @throws ThrottledException after too many failures
     */
    public Optional<Progress> password(String address, String password, Client client) {
        String email = Accounts.email(address);
        String account = "account:" + email;
        String from = throttle.shared("address:" + client.address());
        // First, so that who must wait leaves nothing behind, whatever account is named.
        throttle.require(from, FAILURES_OF_ADDRESS);
        throttle.require(account, FAILURES_OF_ACCOUNT);
        Optional<User> user = users.findByEmail(email).filter(found -> found.state() == UserState.ACTIVE);
        Optional<UserRepository.Password> stored = user.flatMap(found -> users.password(found.id()));
        // As much work for an address that is unknown: the time must not tell.
        boolean matches = accounts.matches(
                password, stored.map(UserRepository.Password::hash).orElse(nobodysHash));
        if (user.isEmpty() || stored.isEmpty() || !matches) {
            return Optional.empty();
        }
        throttle.succeeded(account);
        throttle.takeBack(from);
        return Optional.of(proved(user.get(), client));
    }

    /** Goes on with somebody who is known by one factor: to the second where the user has one, else in. */
    Progress proved(User user, Client client) {
        return transactions.call(() -> {
            if (factors.isOn(user.id())) {
                return new CodeWanted(tokens.issue(STEP, user.id(), "", STEP_LIFETIME));
            }
            return in(user, client, false);
        });
    }

    /** Lets somebody in, within a transaction. */
    SignedIn in(User user, Client client, boolean secondFactor) {
        audit.record(user.id(), "user.sign_in", user.id(), secondFactor ? "second factor" : "");
        boolean mustChange = users.password(user.id())
                .map(UserRepository.Password::mustChange)
                .orElse(false);
        return new SignedIn(user, sessions.open(user, client, secondFactor), mustChange);
    }

    /**
     * Takes the code of the second step; empty where it is wrong, and may be tried again.
     *
     * @throws InvalidTokenException if the first step was too long ago
     * @throws ThrottledException    after too many failures
     */
    public Optional<SignedIn> code(String token, String code, Client client) {
        String userId =
                tokens.look(STEP, token).map(OneTimeTokens.Kept::userId).orElseThrow(InvalidTokenException::new);
        if (!factors.check(userId, code)) {
            return Optional.empty();
        }
        return Optional.of(transactions.call(() -> {
            if (tokens.take(STEP, token).isEmpty()) {
                throw new InvalidTokenException();
            }
            User user = users.find(userId)
                    .filter(found -> found.state() == UserState.ACTIVE)
                    .orElseThrow(InvalidTokenException::new);
            return in(user, client, true);
        }));
    }

    /** Whether a signed-in user knows the password. */
    public boolean confirms(String userId, String password) {
        throttle.require("password:" + userId, FAILURES_OF_ACCOUNT);
        boolean matches = users.password(userId)
                .map(stored -> accounts.matches(password, stored.hash()))
                .orElse(false);
        if (matches) {
            throttle.succeeded("password:" + userId);
        }
        return matches;
    }

    /** Whether a session is good for what only its user may do, without a password: the user has none, and has just signed in. */
    public boolean isFresh(String userId, SessionRepository.Session session) {
        return users.password(userId).isEmpty()
                && session.createdAt().plus(FRESH).isAfter(clock.instant());
    }

    /** Changes a password, and ends all sessions but a new one; empty where the old one is wrong. */
    public Optional<SignedIn> changePassword(
            String userId, String oldPassword, String newPassword, SessionRepository.Session session) {
        if (!confirms(userId, oldPassword)) {
            return Optional.empty();
        }
        String hash = accounts.hash(newPassword);
        return transactions.call(() -> users.find(userId).map(user -> {
            users.setPassword(userId, new UserRepository.Password(hash, false), clock.instant());
            sessionRepository.deleteOfUser(userId);
            tokens.revoke(PasswordReset.PURPOSE, userId);
            tokens.revoke(STEP, userId);
            audit.record(userId, "user.change_password", userId, "");
            return new SignedIn(user, sessions.open(user, session.client(), session.secondFactor()), false);
        }));
    }
}
