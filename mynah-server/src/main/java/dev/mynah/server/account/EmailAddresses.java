package dev.mynah.server.account;

import dev.mynah.server.mail.MailOutbox;
import dev.mynah.server.mail.MailTemplates;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Whether an address is its user's: confirming it, and changing it, to which the old one and then the new one must agree. */
@Component
public final class EmailAddresses {
    private static final String VERIFY = "verify";
    private static final String CHANGE_OLD = "change-old";
    private static final String CHANGE_NEW = "change-new";
    private static final Duration VERIFY_LIFETIME = Duration.ofDays(2);
    private static final Duration CHANGE_LIFETIME = Duration.ofHours(2);
    private static final String VERIFY_PAGE = "/verify-email";
    private static final String CHANGE_PAGE = "/change-email";
    private static final int MAILS = 5;

    private final UserRepository users;
    private final OneTimeTokens tokens;
    private final MailOutbox outbox;
    private final MailTemplates templates;
    private final PublicUrl url;
    private final LoginThrottle throttle;
    private final AccountSettings settings;
    private final Transactions transactions;
    private final AuditLog audit;
    private final Clock clock;

    public EmailAddresses(
            UserRepository users,
            OneTimeTokens tokens,
            MailOutbox outbox,
            MailTemplates templates,
            PublicUrl url,
            LoginThrottle throttle,
            AccountSettings settings,
            Transactions transactions,
            AuditLog audit,
            Clock clock) {
        this.users = users;
        this.tokens = tokens;
        this.outbox = outbox;
        this.templates = templates;
        this.url = url;
        this.throttle = throttle;
        this.settings = settings;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    /** @throws EmailUnverifiedException if models answer only those whose address is confirmed, and this caller's is not */
    public void requireVerified(Caller caller) {
        if (settings.verifyEmail()
                && caller.role() != Role.ADMINISTRATOR
                && !users.find(caller.userId()).orElseThrow().isEmailVerified()) {
            throw new EmailUnverifiedException();
        }
    }

    /** Sends the mail that asks a user to confirm the address. */
    public void sendVerification(User user, Locale locale) {
        throttle.require("mail:" + user.id(), MAILS);
        transactions.run(() -> {
            String token = tokens.issue(VERIFY, user.id(), user.email(), VERIFY_LIFETIME);
            outbox.add(user.email(), templates.text(VERIFY, locale, url.link(VERIFY_PAGE, token)));
        });
    }

    /**
     * Confirms the address that a token was sent to.
     *
     * @throws InvalidTokenException if the token is not good, or the user's address is another by now
     */
    public void verify(String token) {
        transactions.run(() -> {
            OneTimeTokens.Kept kept = tokens.take(VERIFY, token).orElseThrow(InvalidTokenException::new);
            User user = user(kept)
                    .filter(found -> found.email().equals(kept.data()))
                    .orElseThrow(InvalidTokenException::new);
            users.setEmailVerified(user.id(), clock.instant());
            audit.record(user.id(), "user.verify_email", user.id(), "");
        });
    }

    /** Begins to change an address: the old one is asked first where it is known to be the user's, then the new one. Whether that is taken is not told. */
    public void requestChange(User user, String address, Locale locale) {
        String email = Accounts.email(address);
        throttle.require("mail:" + user.id(), MAILS);
        transactions.run(() -> {
            tokens.revoke(CHANGE_OLD, user.id());
            tokens.revoke(CHANGE_NEW, user.id());
            if (user.isEmailVerified()) {
                String token = tokens.issue(CHANGE_OLD, user.id(), email, CHANGE_LIFETIME);
                outbox.add(
                        user.email(),
                        templates.text(CHANGE_OLD, locale, url.link(CHANGE_PAGE, token), Map.of("email", email)));
            } else {
                askNew(user.id(), email, locale);
            }
        });
    }

    private void askNew(String userId, String email, Locale locale) {
        String token = tokens.issue(CHANGE_NEW, userId, email, CHANGE_LIFETIME);
        outbox.add(email, templates.text(CHANGE_NEW, locale, url.link(CHANGE_PAGE, token)));
    }

    /**
     * Goes on with a change to which an address has agreed.
     *
     * @return whether it is done, rather than waiting for the new address
     * @throws InvalidTokenException if the token is not good, or another account has the new address
     */
    public boolean agree(String token, Locale locale) {
        return transactions.call(() -> {
            Optional<OneTimeTokens.Kept> old = tokens.take(CHANGE_OLD, token);
            if (old.isPresent()) {
                askNew(
                        user(old.get()).orElseThrow(InvalidTokenException::new).id(),
                        old.get().data(),
                        locale);
                return false;
            }
            OneTimeTokens.Kept kept = tokens.take(CHANGE_NEW, token).orElseThrow(InvalidTokenException::new);
            change(user(kept).orElseThrow(InvalidTokenException::new), kept.data(), locale);
            return true;
        });
    }

    private void change(User user, String email, Locale locale) {
        if (!users.setEmail(user.id(), email, clock.instant())) {
            throw new InvalidTokenException();
        }
        // Links that were sent to the old address open nothing any more.
        tokens.revoke(PasswordReset.PURPOSE, user.id());
        audit.record(user.id(), "user.change_email", user.id(), "");
        if (user.isEmailVerified()) {
            outbox.add(user.email(), templates.text("email-changed", locale, url.origin()));
        }
    }

    private Optional<User> user(OneTimeTokens.Kept kept) {
        return Optional.ofNullable(kept.userId()).flatMap(users::find).filter(user -> user.state() == UserState.ACTIVE);
    }
}
