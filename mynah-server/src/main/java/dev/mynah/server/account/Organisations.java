package dev.mynah.server.account;

import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** What owners do with their organisations: members, roles, projects. Whoever leaves takes no key along. */
@Component
public final class Organisations {
    private static final int MAX_PROJECTS = 100;

    private final OrganisationRepository organisations;
    private final ApiKeyRepository keys;
    private final Transactions transactions;
    private final AuditLog audit;
    private final Clock clock;

    Organisations(
            OrganisationRepository organisations,
            ApiKeyRepository keys,
            Transactions transactions,
            AuditLog audit,
            Clock clock) {
        this.organisations = organisations;
        this.keys = keys;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    /** Why something was not done. */
    public enum Outcome {
        DONE,
        NOT_FOUND,
        /** It would be without an owner, or without a project. */
        LAST,
        /** The organisation is this user's own. */
        OWN
    }

    public void rename(String id, String name, String actor) {
        transactions.run(() -> {
            organisations.rename(id, name);
            audit.record(actor, "organisation.rename", id, name);
        });
    }

    /** Gives a member another role; an organisation keeps an owner. */
    public Outcome setRole(String id, String userId, String role, String actor) {
        return transactions.call(() -> {
            Outcome outcome = mayGo(id, userId, role.equals(OrganisationRepository.OWNER));
            if (outcome == Outcome.DONE) {
                organisations.setMemberRole(id, userId, role);
                audit.record(actor, "organisation.role", id, userId + " -> " + role);
            }
            return outcome;
        });
    }

    /** Ends a membership, and the keys that came with it. */
    public Outcome remove(String id, String userId, String actor) {
        return transactions.call(() -> {
            Outcome outcome = mayGo(id, userId, false);
            if (outcome == Outcome.DONE) {
                organisations.removeMember(id, userId);
                keys.revokeIn(id, userId, clock.instant());
                audit.record(actor, "organisation.leave", id, userId);
            }
            return outcome;
        });
    }

    private Outcome mayGo(String id, String userId, boolean staysOwner) {
        // Locked, so that two owners do not dismiss each other.
        List<String> owners = organisations.lockOwners(id);
        if (organisations.memberRole(id, userId).isEmpty()) {
            return Outcome.NOT_FOUND;
        }
        if (!staysOwner && organisations.own(userId).filter(id::equals).isPresent()) {
            return Outcome.OWN;
        }
        return !staysOwner && owners.equals(List.of(userId)) ? Outcome.LAST : Outcome.DONE;
    }

    /** Adds a project; empty where there are as many as there may be. */
    public Optional<Project> addProject(String id, String name, String actor) {
        return transactions.call(() -> {
            organisations.lockOwners(id);
            if (organisations.projects(id).size() >= MAX_PROJECTS) {
                return Optional.empty();
            }
            Project project = new Project(Ids.next("proj_"), id, name);
            organisations.insert(project, clock.instant());
            audit.record(actor, "project.create", project.id(), name);
            return Optional.of(project);
        });
    }

    public Outcome renameProject(String id, String projectId, String name, String actor) {
        return transactions.call(() -> {
            if (!organisations.renameProject(id, projectId, name)) {
                return Outcome.NOT_FOUND;
            }
            audit.record(actor, "project.rename", projectId, name);
            return Outcome.DONE;
        });
    }

    /** Deletes a project with its keys; its usage stays in the books. */
    public Outcome deleteProject(String id, String projectId, String actor) {
        return transactions.call(() -> {
            organisations.lockOwners(id);
            List<String> projects =
                    organisations.projects(id).stream().map(Project::id).toList();
            if (!projects.contains(projectId)) {
                return Outcome.NOT_FOUND;
            }
            if (projects.size() == 1) {
                return Outcome.LAST;
            }
            organisations.deleteProject(projectId);
            audit.record(actor, "project.delete", projectId, "");
            return Outcome.DONE;
        });
    }
}
