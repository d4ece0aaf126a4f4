package dev.mynah.server.admin;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.OrganisationRepository;
import dev.mynah.server.account.Role;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.account.User;
import dev.mynah.server.account.UserRepository;
import dev.mynah.server.account.UserRights;
import dev.mynah.server.account.UserState;
import dev.mynah.server.billing.PlanRepository;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.subscription.Subscriptions;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.Page;
import dev.mynah.server.web.Pages;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/admin/users}. */
@RestController
@RequestMapping("/api/admin/users")
final class UsersController {
    private final UserRepository users;
    private final UserRights rights;
    private final OrganisationRepository organisations;
    private final PlanRepository plans;
    private final Subscriptions subscriptions;
    private final Transactions transactions;
    private final AuditLog audit;

    UsersController(
            UserRepository users,
            UserRights rights,
            OrganisationRepository organisations,
            PlanRepository plans,
            Subscriptions subscriptions,
            Transactions transactions,
            AuditLog audit) {
        this.users = users;
        this.rights = rights;
        this.organisations = organisations;
        this.plans = plans;
        this.subscriptions = subscriptions;
        this.transactions = transactions;
        this.audit = audit;
    }

    record Body(String id, String email, String name, String role, String state, String plan, Instant createdAt) {
        static Body of(User user, Map<String, String> plans) {
            return new Body(
                    user.id(),
                    user.email(),
                    user.name(),
                    user.role().id(),
                    user.state().id(),
                    plans.getOrDefault(user.id(), ""),
                    user.createdAt());
        }
    }

    /** The newest first. */
    @GetMapping
    Page<Body> list(
            Caller caller,
            @RequestParam(name = "q", defaultValue = "") String search,
            @RequestParam(name = "limit", defaultValue = Pages.DEFAULT) int limit,
            @RequestParam(name = "after", defaultValue = "") String after) {
        caller.require(Scopes.ADMIN);
        int size = Pages.size(limit);
        List<User> page = users.page(Pages.search(search), Pages.cursor(after), size);
        Map<String, String> on =
                organisations.plansOf(page.stream().map(User::id).toList());
        return Page.of(page, size, user -> Body.of(user, on), User::id);
    }

    /** Changes what the body names. */
    @PatchMapping("/{id}")
    Body update(Caller caller, @PathVariable String id, JsonObject body) {
        caller.require(Scopes.ADMIN);
        Optional<String> role = body.string("role");
        Optional<String> state = body.string("state");
        Optional<String> plan = body.string("plan");
        body.finish();
        if (role.isPresent() && !role.get().matches("user|operator|administrator")) {
            throw body.invalid("role", "it is one of user, operator, administrator");
        }
        if (state.isPresent() && !state.get().matches("active|suspended")) {
            throw body.invalid("state", "it is one of active, suspended");
        }
        if (plan.isPresent() && plans.find(plan.get()).isEmpty()) {
            throw body.invalid("plan", "there is no such plan");
        }
        User changed = transactions.call(() -> {
            change(
                    caller,
                    id,
                    role.map(Role::of).orElse(null),
                    state.map(UserState::of).orElse(null));
            plan.ifPresent(to -> setPlan(caller, id, to));
            return users.find(id).orElseThrow();
        });
        return Body.of(changed, organisations.plansOf(List.of(id)));
    }

    private void change(Caller caller, String id, @Nullable Role role, @Nullable UserState state) {
        switch (rights.change(id, role, state, caller.userId())) {
            case DONE -> {}
            case NO_SUCH_USER -> throw notFound();
            case LAST_ADMINISTRATOR ->
                throw ApiException.of(
                        HttpStatus.CONFLICT,
                        "This is the last administrator: make another one first.",
                        null,
                        "last_administrator");
        }
    }

    /** For who has lost app, codes and passkeys: the password alone is good again, and all sessions end. */
    @DeleteMapping("/{id}/second-factor")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void resetSecondFactor(Caller caller, @PathVariable String id) {
        caller.require(Scopes.ADMIN);
        User user = users.find(id).orElseThrow(UsersController::notFound);
        rights.resetSecondFactor(user.id(), caller.userId());
    }

    private void setPlan(Caller caller, String userId, String plan) {
        String organisation = organisations.own(userId).orElseThrow();
        subscriptions.release(organisation);
        organisations.setPlan(organisation, plan);
        audit.record(caller.userId(), "user.plan", userId, plan);
    }

    private static ApiException notFound() {
        return ApiException.notFound("There is no such user.");
    }
}
