package dev.mynah.server.web;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.OrganisationRepository;
import dev.mynah.server.account.Sessions;
import dev.mynah.server.account.User;
import dev.mynah.server.account.UserRepository;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/account}: signing up, in and out, and who one is. */
@RestController
final class AccountController {
    private static final int MAX_NAME = 100;

    private final Sessions sessions;
    private final UserRepository users;
    private final OrganisationRepository organisations;

    AccountController(Sessions sessions, UserRepository users, OrganisationRepository organisations) {
        this.sessions = sessions;
        this.users = users;
        this.organisations = organisations;
    }

    record Body(
            String id,
            String email,
            String name,
            String role,
            String plan,
            String organisationId,
            boolean mustChangePassword) {}

    @PostMapping("/api/account/sign-up")
    @ResponseStatus(HttpStatus.CREATED)
    Body signUp(JsonObject body, HttpServletRequest request, HttpServletResponse response) {
        String email = body.requiredString("email");
        String password = body.requiredString("password");
        String name = name(body, body.string("name").orElse(email));
        body.finish();
        Sessions.SignedIn signedIn = sessions.signUp(email, name, password, request.getRemoteAddr())
                .orElseThrow(() -> ApiException.of(
                        HttpStatus.CONFLICT, "There is an account with this address already.", "email", "email_taken"));
        return enter(signedIn, request, response);
    }

    @PostMapping("/api/account/sign-in")
    Body signIn(JsonObject body, HttpServletRequest request, HttpServletResponse response) {
        String email = body.requiredString("email");
        String password = body.requiredString("password");
        body.finish();
        Sessions.SignedIn signedIn = sessions.signIn(email, password, request.getRemoteAddr())
                .orElseThrow(() -> ApiException.of(
                        HttpStatus.UNAUTHORIZED, "Address or password are wrong.", null, "wrong_credentials"));
        return enter(signedIn, request, response);
    }

    @PostMapping("/api/account/password")
    Body changePassword(Caller caller, JsonObject body, HttpServletRequest request, HttpServletResponse response) {
        String oldPassword = body.requiredString("old_password");
        String newPassword = body.requiredString("new_password");
        body.finish();
        Sessions.SignedIn signedIn = sessions.changePassword(caller.userId(), oldPassword, newPassword)
                .orElseThrow(() ->
                        ApiException.badRequest("The old password is wrong.", "old_password", "wrong_credentials"));
        return enter(signedIn, request, response);
    }

    /** Changes the name. */
    @PatchMapping("/api/account")
    Body rename(Caller caller, JsonObject body) {
        String name = name(body, body.requiredString("name"));
        body.finish();
        users.setName(caller.userId(), name);
        return get(caller);
    }

    private static String name(JsonObject body, String text) {
        String name = text.strip();
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw body.invalid("name", "a name has 1 to " + MAX_NAME + " characters");
        }
        return name;
    }

    @PostMapping("/api/account/sign-out")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void signOut(HttpServletRequest request, HttpServletResponse response) {
        SessionCookie.of(request).ifPresent(sessions::signOut);
        SessionCookie.clear(request, response);
    }

    @GetMapping("/api/account")
    Body get(Caller caller) {
        User user = users.find(caller.userId()).orElseThrow();
        boolean mustChange = users.password(user.id())
                .map(UserRepository.Password::mustChange)
                .orElse(false);
        return body(user, caller.organisationId(), mustChange);
    }

    private Body enter(Sessions.SignedIn signedIn, HttpServletRequest request, HttpServletResponse response) {
        SessionCookie.set(request, response, signedIn.token());
        User user = signedIn.user();
        String organisation = organisations.projectsOf(user.id()).getFirst().organisationId();
        return body(user, organisation, signedIn.mustChangePassword());
    }

    private Body body(User user, String organisationId, boolean mustChange) {
        String plan = organisations.find(organisationId).orElseThrow().planId();
        return new Body(user.id(), user.email(), user.name(), user.role().id(), plan, organisationId, mustChange);
    }
}
