package dev.mynah.server.admin;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.InvitationRepository;
import dev.mynah.server.account.InvitationRepository.Invitation;
import dev.mynah.server.account.Invitations;
import dev.mynah.server.account.OrganisationRepository;
import dev.mynah.server.account.Role;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.account.UserRepository;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/admin/invitations}: to the service with any role, and to any organisation. */
@RestController
@RequestMapping("/api/admin/invitations")
final class InvitationsController {
    private static final int MAX_LISTED = 200;

    private final Invitations invitations;
    private final InvitationRepository repository;
    private final OrganisationRepository organisations;
    private final UserRepository users;
    private final Clock clock;

    InvitationsController(
            Invitations invitations,
            InvitationRepository repository,
            OrganisationRepository organisations,
            UserRepository users,
            Clock clock) {
        this.invitations = invitations;
        this.repository = repository;
        this.organisations = organisations;
        this.users = users;
        this.clock = clock;
    }

    /** The newest 200. */
    @GetMapping
    List<Invitation> list(Caller caller) {
        caller.require(Scopes.ADMIN);
        return repository.all(clock.instant(), MAX_LISTED);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    Invitation invite(Caller caller, JsonObject body, HttpServletRequest request) {
        caller.require(Scopes.ADMIN);
        String email = body.requiredString("email");
        String role = body.string("role").orElse(Role.USER.id());
        @Nullable String organisation = body.string("organisation_id").orElse(null);
        String memberRole = body.string("member_role").orElse(OrganisationRepository.MEMBER);
        body.finish();
        if (!role.matches("user|operator|administrator")) {
            throw body.invalid("role", "it is one of user, operator, administrator");
        }
        if (!memberRole.matches("owner|member")) {
            throw body.invalid("member_role", "it is owner or member");
        }
        if (organisation != null && organisations.find(organisation).isEmpty()) {
            throw body.invalid("organisation_id", "there is no such organisation");
        }
        return invitations.invite(
                users.find(caller.userId()).orElseThrow(),
                new Invitations.Order(email, organisation, memberRole, Role.of(role)),
                request.getLocale());
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(Caller caller, @PathVariable String id) {
        caller.require(Scopes.ADMIN);
        if (!invitations.revoke(id, caller.userId())) {
            throw ApiException.notFound("There is no such invitation.");
        }
    }
}
