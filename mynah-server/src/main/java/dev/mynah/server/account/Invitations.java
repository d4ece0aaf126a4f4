package dev.mynah.server.account;

import dev.mynah.server.account.InvitationRepository.Invitation;
import dev.mynah.server.mail.MailOutbox;
import dev.mynah.server.mail.MailTemplates;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.ServerSecret;
import dev.mynah.server.store.Tokens;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Invitations by mail, to the service or to an organisation of it. One is good once, for its address, and while who sent it may still send it. */
@Component
public final class Invitations {
    private static final Duration LIFETIME = Duration.ofDays(7);
    private static final int MAILS = 30;

    private final InvitationRepository invitations;
    private final UserRepository users;
    private final OrganisationRepository organisations;
    private final MailOutbox outbox;
    private final MailTemplates templates;
    private final PublicUrl url;
    private final LoginThrottle throttle;
    private final Transactions transactions;
    private final ServerSecret secret;
    private final AuditLog audit;
    private final Clock clock;

    Invitations(
            InvitationRepository invitations,
            UserRepository users,
            OrganisationRepository organisations,
            MailOutbox outbox,
            MailTemplates templates,
            PublicUrl url,
            LoginThrottle throttle,
            Transactions transactions,
            ServerSecret secret,
            AuditLog audit,
            Clock clock) {
        this.invitations = invitations;
        this.users = users;
        this.organisations = organisations;
        this.outbox = outbox;
        this.templates = templates;
        this.url = url;
        this.throttle = throttle;
        this.transactions = transactions;
        this.secret = secret;
        this.audit = audit;
        this.clock = clock;
    }

    /** To what somebody is invited. */
    public record Order(String email, @Nullable String organisationId, String memberRole, Role userRole) {}

    /**
     * Invites somebody. Whether there is an account with this address is not told.
     *
     * @throws EmailUnverifiedException if the inviter's own address is not confirmed, and the inviter no administrator
     * @throws ThrottledException       after many invitations
     */
    public Invitation invite(User inviter, Order order, Locale locale) {
        if (!inviter.isEmailVerified() && inviter.role() != Role.ADMINISTRATOR) {
            throw new EmailUnverifiedException();
        }
        String email = Accounts.email(order.email());
        throttle.require("invite:" + inviter.id(), MAILS);
        return transactions.call(() -> {
            Instant now = clock.instant();
            @Nullable
            String organisation = order.organisationId() == null
                    ? null
                    : organisations.find(order.organisationId()).orElseThrow().name();
            Invitation invitation = new Invitation(
                    Ids.next("inv_"),
                    email,
                    order.organisationId(),
                    organisation,
                    order.memberRole(),
                    order.userRole(),
                    inviter.id(),
                    inviter.name(),
                    now,
                    now.plus(LIFETIME));
            String token = Tokens.next("");
            invitations.insert(invitation, secret.hash(token));
            outbox.add(email, templates.text("invitation", locale, url.link("/invitation", token), names(invitation)));
            audit.record(
                    inviter.id(),
                    "invitation.create",
                    invitation.id(),
                    order.userRole().id());
            return invitation;
        });
    }

    private static Map<String, String> names(Invitation invitation) {
        return Map.of(
                "inviter",
                MailTemplates.harmless(invitation.inviter()),
                "organisation",
                MailTemplates.harmless(Objects.requireNonNullElse(invitation.organisation(), "Mynah")));
    }

    /** Takes an invitation to an organisation back; false where it has none of this name. */
    public boolean revoke(String id, String organisationId, String actor) {
        return transactions.call(() -> recorded(id, actor, invitations.delete(id, organisationId)));
    }

    /** Takes any invitation back, in the name of an administrator. */
    public boolean revoke(String id, String actor) {
        return transactions.call(() -> recorded(id, actor, invitations.take(id)));
    }

    private boolean recorded(String id, String actor, boolean done) {
        if (done) {
            audit.record(actor, "invitation.revoke", id, "");
        }
        return done;
    }

    /** The invitation of a token that is good now. */
    public Optional<Invitation> look(String token) {
        return invitations.find(secret.hash(token), clock.instant()).filter(this::mayStillBeSent);
    }

    private boolean mayStillBeSent(Invitation invitation) {
        User inviter = users.find(invitation.invitedBy()).orElseThrow();
        if (inviter.state() != UserState.ACTIVE) {
            return false;
        }
        return inviter.role() == Role.ADMINISTRATOR
                || (invitation.userRole() == Role.USER
                        && invitation.organisationId() != null
                        && organisations
                                .memberRole(invitation.organisationId(), inviter.id())
                                .filter(OrganisationRepository.OWNER::equals)
                                .isPresent());
    }

    /** Whether somebody with an invitation's address has an account. To be told to who has the token only. */
    public boolean hasAccount(Invitation invitation) {
        return users.findByEmail(invitation.email()).isPresent();
    }

    /**
     * Accepts in the name of a user, whose address is confirmed by that.
     *
     * @throws InvalidTokenException if the token is not good, or the invitation is to another address
     */
    public Invitation accept(String token, User user) {
        return transactions.call(() -> {
            Invitation invitation = look(token)
                    .filter(found -> found.email().equals(user.email()))
                    .filter(found -> invitations.take(found.id()))
                    .orElseThrow(InvalidTokenException::new);
            users.setEmailVerified(user.id(), clock.instant());
            if (!user.role().covers(invitation.userRole())) {
                users.setRights(user.id(), invitation.userRole(), user.state());
            }
            @Nullable String organisation = invitation.organisationId();
            if (organisation != null) {
                organisations.join(organisation, user.id(), invitation.memberRole());
                organisations.projects(organisation).stream()
                        .findFirst()
                        .ifPresent(project -> organisations.choose(user.id(), project.id()));
            }
            audit.record(
                    user.id(),
                    "invitation.accept",
                    invitation.id(),
                    invitation.userRole().id());
            return invitation;
        });
    }
}
