package dev.mynah.server.web;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.InvitationRepository;
import dev.mynah.server.account.Invitations;
import dev.mynah.server.account.OrganisationRepository;
import dev.mynah.server.account.Organisations;
import dev.mynah.server.account.Project;
import dev.mynah.server.account.Role;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.account.UserRepository;
import dev.mynah.server.billing.UsageRepository;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/organisations}: those of the caller, for members to see and owners to change. What is another's is not found. */
@RestController
@RequestMapping("/api/organisations")
final class OrganisationController {
    private static final Duration USAGE_SPAN = Duration.ofDays(30);
    private static final int MAX_NAME = 100;

    private final OrganisationRepository repository;
    private final Organisations organisations;
    private final Invitations invitations;
    private final InvitationRepository invitationRepository;
    private final UserRepository users;
    private final UsageRepository usage;
    private final Clock clock;

    OrganisationController(
            OrganisationRepository repository,
            Organisations organisations,
            Invitations invitations,
            InvitationRepository invitationRepository,
            UserRepository users,
            UsageRepository usage,
            Clock clock) {
        this.repository = repository;
        this.organisations = organisations;
        this.invitations = invitations;
        this.invitationRepository = invitationRepository;
        this.users = users;
        this.usage = usage;
        this.clock = clock;
    }

    /**
     * An organisation of the caller.
     *
     * @param role    {@code owner} or {@code member}
     * @param own     whether it was made with the caller's account
     * @param current whether the caller works in it now
     */
    record Body(
            String id,
            String name,
            String plan,
            String role,
            boolean own,
            boolean current,
            List<ProjectBody> projects) {}

    /** @param current whether the caller works in it now */
    record ProjectBody(String id, String name, boolean current) {}

    @GetMapping
    List<Body> list(Caller caller) {
        caller.require(Scopes.ADMIN);
        Optional<String> own = repository.own(caller.userId());
        return repository.memberships(caller.userId()).stream()
                .filter(membership -> isOf(caller, membership.organisation().id()))
                .map(membership -> {
                    String id = membership.organisation().id();
                    return new Body(
                            id,
                            membership.organisation().name(),
                            membership.organisation().planId(),
                            membership.role(),
                            own.filter(id::equals).isPresent(),
                            caller.organisationId().equals(id),
                            repository.projects(id).stream()
                                    .map(project -> body(caller, project))
                                    .toList());
                })
                .toList();
    }

    private static ProjectBody body(Caller caller, Project project) {
        return new ProjectBody(project.id(), project.name(), project.id().equals(caller.projectId()));
    }

    /** Sets the project that the caller's browsers work in. */
    @PutMapping("/current")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void choose(Caller caller, JsonObject body) {
        caller.require(Scopes.ADMIN);
        String project = body.requiredString("project_id");
        body.finish();
        if (repository.projectsOf(caller.userId()).stream()
                .noneMatch(own -> own.id().equals(project) && isOf(caller, own.organisationId()))) {
            throw noProject();
        }
        repository.choose(caller.userId(), project);
    }

    @PatchMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void rename(Caller caller, @PathVariable String id, JsonObject body) {
        requireOwner(caller, id);
        organisations.rename(id, name(body), caller.userId());
    }

    @GetMapping("/{id}/members")
    List<OrganisationRepository.Member> members(Caller caller, @PathVariable String id) {
        requireMember(caller, id);
        return repository.members(id);
    }

    @PatchMapping("/{id}/members/{userId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void setRole(Caller caller, @PathVariable String id, @PathVariable String userId, JsonObject body) {
        requireOwner(caller, id);
        String role = memberRole(body);
        body.finish();
        check(organisations.setRole(id, userId, role, caller.userId()), "member");
    }

    /** For owners, and for who leaves. */
    @DeleteMapping("/{id}/members/{userId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(Caller caller, @PathVariable String id, @PathVariable String userId) {
        if (userId.equals(caller.userId())) {
            requireMember(caller, id);
        } else {
            requireOwner(caller, id);
        }
        check(organisations.remove(id, userId, caller.userId()), "member");
    }

    @PostMapping("/{id}/projects")
    @ResponseStatus(HttpStatus.CREATED)
    ProjectBody addProject(Caller caller, @PathVariable String id, JsonObject body) {
        requireOwner(caller, id);
        return organisations
                .addProject(id, name(body), caller.userId())
                .map(project -> body(caller, project))
                .orElseThrow(() -> ApiException.of(
                        HttpStatus.CONFLICT, "There are as many projects as there may be.", null, "too_many"));
    }

    @PatchMapping("/{id}/projects/{projectId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void renameProject(Caller caller, @PathVariable String id, @PathVariable String projectId, JsonObject body) {
        requireOwner(caller, id);
        check(organisations.renameProject(id, projectId, name(body), caller.userId()), "project");
    }

    @DeleteMapping("/{id}/projects/{projectId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void deleteProject(Caller caller, @PathVariable String id, @PathVariable String projectId) {
        requireOwner(caller, id);
        check(organisations.deleteProject(id, projectId, caller.userId()), "project");
    }

    /** What each project used in the last 30 days. */
    @GetMapping("/{id}/usage")
    List<UsageRepository.ProjectUsage> usage(Caller caller, @PathVariable String id) {
        requireOwner(caller, id);
        Instant now = clock.instant();
        return usage.byProject(id, now.minus(USAGE_SPAN), now.plusSeconds(1));
    }

    @GetMapping("/{id}/invitations")
    List<InvitationRepository.Invitation> invitations(Caller caller, @PathVariable String id) {
        requireOwner(caller, id);
        return invitationRepository.of(id, clock.instant());
    }

    @PostMapping("/{id}/invitations")
    @ResponseStatus(HttpStatus.CREATED)
    InvitationRepository.Invitation invite(
            Caller caller, @PathVariable String id, JsonObject body, HttpServletRequest request) {
        requireOwner(caller, id);
        String email = body.requiredString("email");
        String role = memberRole(body);
        body.finish();
        return invitations.invite(
                users.find(caller.userId()).orElseThrow(),
                new Invitations.Order(email, id, role, Role.USER),
                request.getLocale());
    }

    @DeleteMapping("/{id}/invitations/{invitation}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(Caller caller, @PathVariable String id, @PathVariable String invitation) {
        requireOwner(caller, id);
        if (!invitations.revoke(invitation, id, caller.userId())) {
            throw ApiException.notFound("There is no such invitation.");
        }
    }

    private String requireMember(Caller caller, String id) {
        caller.require(Scopes.ADMIN);
        return repository
                .memberRole(id, caller.userId())
                .filter(role -> isOf(caller, id))
                .orElseThrow(() -> ApiException.notFound("There is no such organisation."));
    }

    private void requireOwner(Caller caller, String id) {
        if (!requireMember(caller, id).equals(OrganisationRepository.OWNER)) {
            throw ApiException.forbidden("Only owners may do this.");
        }
    }

    /** A key speaks for its own organisation only. */
    private static boolean isOf(Caller caller, String organisationId) {
        return caller.apiKeyId() == null || caller.organisationId().equals(organisationId);
    }

    private static String name(JsonObject body) {
        String name = body.requiredString("name").strip();
        body.finish();
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw body.invalid("name", "a name has 1 to " + MAX_NAME + " characters");
        }
        return name;
    }

    private static String memberRole(JsonObject body) {
        String role = body.string("role").orElse(OrganisationRepository.MEMBER);
        if (!role.equals(OrganisationRepository.OWNER) && !role.equals(OrganisationRepository.MEMBER)) {
            throw body.invalid("role", "it is owner or member");
        }
        return role;
    }

    private static void check(Organisations.Outcome outcome, String what) {
        switch (outcome) {
            case DONE -> {}
            case NOT_FOUND -> throw ApiException.notFound("There is no such " + what + ".");
            case LAST ->
                throw ApiException.of(
                        HttpStatus.CONFLICT,
                        what.equals("project")
                                ? "This is the last project: make another one first."
                                : "This is the last owner: make another one first.",
                        null,
                        "last_" + what);
            case OWN ->
                throw ApiException.of(
                        HttpStatus.CONFLICT,
                        "The organisation was made with this user's account, and stays theirs.",
                        null,
                        "own_organisation");
        }
    }

    private static ApiException noProject() {
        return ApiException.notFound("There is no such project.");
    }
}
