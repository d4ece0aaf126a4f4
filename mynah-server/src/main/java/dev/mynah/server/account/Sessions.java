package dev.mynah.server.account;

import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.ServerSecret;
import dev.mynah.server.store.Tokens;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Browsers that are signed in: a session is a token in a cookie, of which the database has the HMAC. */
@Component
public final class Sessions {
    /** How long a browser stays signed in. */
    public static final Duration LIFETIME = Duration.ofDays(30);

    // How exactly the last use is known: not every request need write.
    private static final Duration USE_RESOLUTION = Duration.ofMinutes(5);
    private static final int MAX_AGENT = 300;

    private final SessionRepository sessions;
    private final OrganisationRepository organisations;
    private final AccountSettings settings;
    private final Transactions transactions;
    private final ServerSecret secret;
    private final AuditLog audit;
    private final Clock clock;

    public Sessions(
            SessionRepository sessions,
            OrganisationRepository organisations,
            AccountSettings settings,
            Transactions transactions,
            ServerSecret secret,
            AuditLog audit,
            Clock clock) {
        this.sessions = sessions;
        this.organisations = organisations;
        this.settings = settings;
        this.transactions = transactions;
        this.secret = secret;
        this.audit = audit;
        this.clock = clock;
    }

    /** Opens a session, within a transaction; the token goes into the browser's cookie. */
    String open(User user, Client client, boolean secondFactor) {
        Instant now = clock.instant();
        String token = Tokens.next("");
        String agent =
                client.agent().substring(0, Math.min(MAX_AGENT, client.agent().length()));
        sessions.deleteExpired(now);
        sessions.insert(
                secret.hash(token),
                user.id(),
                new SessionRepository.Session(
                        Ids.next("sess_"),
                        new Client(client.address(), agent),
                        secondFactor,
                        now,
                        now,
                        now.plus(LIFETIME)));
        return token;
    }

    /** Whom a cookie stands for. Where administration needs a second factor, who has shown none has no more rights than any user. */
    public Optional<Caller> authenticate(String token) {
        Instant now = clock.instant();
        return sessions.holder(secret.hash(token), now).flatMap(holder -> {
            SessionRepository.Session session = holder.session();
            if (session.lastSeenAt().plus(USE_RESOLUTION).isBefore(now)) {
                sessions.touch(session.id(), now);
            }
            User user = holder.user();
            Role role = settings.secondFactor() && !session.secondFactor() ? Role.USER : user.role();
            return organisations.projectsOf(user.id()).stream()
                    .findFirst()
                    .map(project ->
                            new Caller(user.id(), project.organisationId(), project.id(), null, role, Scopes.ALL));
        });
    }

    /** The session of a cookie. */
    public Optional<SessionRepository.Session> find(String token) {
        return sessions.holder(secret.hash(token), clock.instant()).map(SessionRepository.Holder::session);
    }

    public List<SessionRepository.Session> ofUser(String userId) {
        return sessions.ofUser(userId, clock.instant());
    }

    /** Ends a session; false where the user has none of this name. */
    public boolean end(String id, String userId) {
        return sessions.delete(id, userId);
    }

    /** Ends all sessions of a user but this one. */
    public void endOthers(String userId, SessionRepository.Session session) {
        transactions.run(() -> {
            sessions.deleteOthers(userId, session.id());
            audit.record(userId, "user.sign_out_elsewhere", userId, "");
        });
    }

    /** Remembers that a second factor was shown in a session. */
    public void showedSecondFactor(SessionRepository.Session session) {
        sessions.setSecondFactor(session.id());
    }

    public void signOut(String token) {
        sessions.delete(secret.hash(token));
    }
}
