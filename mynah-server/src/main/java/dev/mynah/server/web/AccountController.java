package dev.mynah.server.web;

import dev.mynah.server.account.AccountSettings;
import dev.mynah.server.account.Caller;
import dev.mynah.server.account.OidcSettings;
import dev.mynah.server.account.OrganisationRepository;
import dev.mynah.server.account.Passkeys;
import dev.mynah.server.account.Sessions;
import dev.mynah.server.account.SignIn;
import dev.mynah.server.account.User;
import dev.mynah.server.account.UserRepository;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

    private final SignIn signIn;
    private final Passkeys passkeys;
    private final Sessions sessions;
    private final SignedInBrowser browser;
    private final UserRepository users;
    private final OrganisationRepository organisations;
    private final AccountSettings settings;
    private final OidcSettings oidc;

    AccountController(
            SignIn signIn,
            Passkeys passkeys,
            Sessions sessions,
            SignedInBrowser browser,
            UserRepository users,
            OrganisationRepository organisations,
            AccountSettings settings,
            OidcSettings oidc) {
        this.signIn = signIn;
        this.passkeys = passkeys;
        this.sessions = sessions;
        this.browser = browser;
        this.users = users;
        this.organisations = organisations;
        this.settings = settings;
        this.oidc = oidc;
    }

    /**
     * Who somebody is.
     *
     * @param role               what the caller may do now
     * @param emailWanted        whether models answer only when the address is confirmed, and it is not
     * @param secondFactorWanted whether the user may do more once a second factor was shown
     */
    record Body(
            String id,
            String email,
            String name,
            String role,
            String plan,
            String organisationId,
            boolean mustChangePassword,
            boolean emailVerified,
            boolean emailWanted,
            boolean secondFactorWanted) {}

    @PostMapping("/api/account/sign-up")
    @ResponseStatus(HttpStatus.CREATED)
    Body signUp(JsonObject body, HttpServletRequest request, HttpServletResponse response) {
        String email = body.requiredString("email");
        String password = body.requiredString("password");
        String name = name(body, body.string("name").orElse(email));
        @Nullable String invitation = body.string("invitation").orElse(null);
        body.finish();
        if (invitation == null && !settings.openSignUp()) {
            throw ApiException.of(
                    HttpStatus.FORBIDDEN, "Accounts are by invitation only here.", null, "invitation_required");
        }
        SignIn.SignedIn signedIn = signIn.signUp(
                        new SignIn.Order(email, name, password, invitation),
                        request.getLocale(),
                        SignedInBrowser.client(request))
                .orElseThrow(() -> ApiException.of(
                        HttpStatus.CONFLICT, "There is an account with this address already.", "email", "email_taken"));
        return enter(signedIn, request, response);
    }

    /** How people may come in. */
    record Ways(boolean openSignUp, List<Way> providers) {}

    record Way(String id, String name) {}

    @GetMapping("/api/account/sign-in/ways")
    Ways ways() {
        return new Ways(
                settings.openSignUp(),
                oidc.providers().stream()
                        .map(provider -> new Way(provider.id(), provider.name()))
                        .toList());
    }

    @PostMapping("/api/account/sign-in")
    Body signIn(JsonObject body, HttpServletRequest request, HttpServletResponse response) {
        String email = body.requiredString("email");
        String password = body.requiredString("password");
        body.finish();
        SignIn.Progress progress = signIn.password(email, password, SignedInBrowser.client(request))
                .orElseThrow(() -> ApiException.of(
                        HttpStatus.UNAUTHORIZED, "Address or password are wrong.", null, "wrong_credentials"));
        return switch (progress) {
            case SignIn.SignedIn signedIn -> enter(signedIn, request, response);
            case SignIn.CodeWanted wanted -> {
                SessionCookie.setStep(request, response, wanted.token());
                throw ApiException.of(
                        HttpStatus.UNAUTHORIZED, "Now the code of your authenticator app.", "code", "code_required");
            }
        };
    }

    /** The second step, in the browser that did the first. */
    @PostMapping("/api/account/sign-in/code")
    Body code(JsonObject body, HttpServletRequest request, HttpServletResponse response) {
        String code = body.requiredString("code");
        body.finish();
        String token = SessionCookie.step(request)
                .orElseThrow(() -> ApiException.badRequest("Begin with your password.", null, "invalid_token"));
        SignIn.SignedIn signedIn = signIn.code(token, code, SignedInBrowser.client(request))
                .orElseThrow(() -> ApiException.of(
                        HttpStatus.UNAUTHORIZED,
                        "This code is wrong, or was used already; wait for the next one.",
                        "code",
                        "wrong_code"));
        return enter(signedIn, request, response);
    }

    @PostMapping("/api/account/sign-in/passkey/options")
    Map<String, ?> passkeyOptions() {
        return passkeys.requestOptions();
    }

    @PostMapping("/api/account/sign-in/passkey")
    Body passkey(JsonObject body, HttpServletRequest request, HttpServletResponse response) {
        JsonObject credential = body.object("credential").orElseThrow(() -> body.missing("credential"));
        body.finish();
        SignIn.SignedIn signedIn = passkeys.signIn(credential.toString(), SignedInBrowser.client(request))
                .orElseThrow(() -> ApiException.of(
                        HttpStatus.UNAUTHORIZED,
                        "This passkey is not known here, or took too long.",
                        "credential",
                        "wrong_credentials"));
        return enter(signedIn, request, response);
    }

    @PostMapping("/api/account/password")
    Body changePassword(Caller caller, JsonObject body, HttpServletRequest request, HttpServletResponse response) {
        String oldPassword = body.requiredString("old_password");
        String newPassword = body.requiredString("new_password");
        body.finish();
        SignIn.SignedIn signedIn = signIn.changePassword(
                        caller.userId(), oldPassword, newPassword, browser.session(caller, request))
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
        return body(user, caller, mustChange);
    }

    private Body enter(SignIn.SignedIn signedIn, HttpServletRequest request, HttpServletResponse response) {
        SessionCookie.set(request, response, signedIn.token());
        Caller caller = sessions.authenticate(signedIn.token()).orElseThrow();
        return body(signedIn.user(), caller, signedIn.mustChangePassword());
    }

    private Body body(User user, Caller caller, boolean mustChange) {
        String plan = organisations.find(caller.organisationId()).orElseThrow().planId();
        return new Body(
                user.id(),
                user.email(),
                user.name(),
                caller.role().id(),
                plan,
                caller.organisationId(),
                mustChange,
                user.isEmailVerified(),
                settings.verifyEmail() && !user.isEmailVerified(),
                user.role() != caller.role());
    }
}
