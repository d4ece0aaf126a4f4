package dev.mynah.server.account;

import dev.mynah.server.mail.MailOutbox;
import dev.mynah.server.mail.MailTemplates;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** A new password for who has forgotten the old one, by mail. */
@Component
public final class PasswordReset {
    static final String PURPOSE = "reset";

    private static final Duration LIFETIME = Duration.ofMinutes(30);
    private static final int MAILS_OF_ACCOUNT = 3;
    private static final int TRIES_OF_ADDRESS = 30;

    private final UserRepository users;
    private final SessionRepository sessions;
    private final Accounts accounts;
    private final OneTimeTokens tokens;
    private final MailOutbox outbox;
    private final MailTemplates templates;
    private final PublicUrl url;
    private final LoginThrottle throttle;
    private final Transactions transactions;
    private final AuditLog audit;
    private final Clock clock;

    public PasswordReset(
            UserRepository users,
            SessionRepository sessions,
            Accounts accounts,
            OneTimeTokens tokens,
            MailOutbox outbox,
            MailTemplates templates,
            PublicUrl url,
            LoginThrottle throttle,
            Transactions transactions,
            AuditLog audit,
            Clock clock) {
        this.users = users;
        this.sessions = sessions;
        this.accounts = accounts;
        this.tokens = tokens;
        this.outbox = outbox;
        this.templates = templates;
        this.url = url;
        this.throttle = throttle;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    /** Sends a link to the account with this address, if there is one. For any address the answer is the same, and so is the work: neither tells whether there is. */
    public void request(String address, Locale locale, Client client) {
        String email = Accounts.email(address);
        throttle.require(throttle.shared("reset from:" + client.address()), TRIES_OF_ADDRESS);
        throttle.require("reset:" + email, MAILS_OF_ACCOUNT);
        transactions.run(() -> {
            Optional<User> user = users.findByEmail(email).filter(found -> found.state() == UserState.ACTIVE);
            String token = tokens.issue(PURPOSE, user.map(User::id).orElse(null), email, LIFETIME);
            outbox.add(
                    user.map(User::email).orElse(""),
                    templates.text("reset", locale, url.link("/reset-password", token)));
        });
    }

    /**
     * Sets a password, and ends all sessions. The address is confirmed by that.
     *
     * @throws InvalidTokenException if the token is not good
     */
    public void reset(String token, String password, Locale locale, Client client) {
        String from = throttle.shared("reset from:" + client.address());
        throttle.require(from, TRIES_OF_ADDRESS);
        if (tokens.look(PURPOSE, token).isEmpty()) {
            throw new InvalidTokenException();
        }
        String hash = accounts.hash(password);
        User user = transactions.call(() -> set(token, hash, locale));
        throttle.succeeded("account:" + user.email());
        throttle.takeBack(from);
    }

    private User set(String token, String hash, Locale locale) {
        OneTimeTokens.Kept kept = tokens.take(PURPOSE, token).orElseThrow(InvalidTokenException::new);
        User user = Optional.ofNullable(kept.userId())
                .flatMap(users::find)
                .filter(found ->
                        found.state() == UserState.ACTIVE && found.email().equals(kept.data()))
                .orElseThrow(InvalidTokenException::new);
        users.setPassword(user.id(), new UserRepository.Password(hash, false), clock.instant());
        users.setEmailVerified(user.id(), clock.instant());
        sessions.deleteOfUser(user.id());
        tokens.revoke(PURPOSE, user.id());
        tokens.revoke(SignIn.STEP, user.id());
        audit.record(user.id(), "user.reset_password", user.id(), "");
        outbox.add(user.email(), templates.text("password-changed", locale, url.origin() + "/forgot-password"));
        return user;
    }
}
