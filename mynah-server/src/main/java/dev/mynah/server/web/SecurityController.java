package dev.mynah.server.web;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.IdentityRepository;
import dev.mynah.server.account.PasskeyRepository;
import dev.mynah.server.account.Passkeys;
import dev.mynah.server.account.SecondFactors;
import dev.mynah.server.account.SessionRepository.Session;
import dev.mynah.server.account.Sessions;
import dev.mynah.server.account.UserRepository;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/account/security}: how an account is guarded, and the browsers that are signed in. */
@RestController
@RequestMapping("/api/account/security")
final class SecurityController {
    private static final int MAX_NAME = 100;

    private final SecondFactors factors;
    private final Passkeys passkeys;
    private final PasskeyRepository passkeyRepository;
    private final IdentityRepository identities;
    private final Sessions sessions;
    private final UserRepository users;
    private final SignedInBrowser browser;

    SecurityController(
            SecondFactors factors,
            Passkeys passkeys,
            PasskeyRepository passkeyRepository,
            IdentityRepository identities,
            Sessions sessions,
            UserRepository users,
            SignedInBrowser browser) {
        this.factors = factors;
        this.passkeys = passkeys;
        this.passkeyRepository = passkeyRepository;
        this.identities = identities;
        this.sessions = sessions;
        this.users = users;
        this.browser = browser;
    }

    /** @param current whether it is the one that asks */
    record SessionBody(
            String id,
            String address,
            String agent,
            boolean secondFactor,
            Instant createdAt,
            Instant lastSeenAt,
            boolean current) {}

    record PasskeyBody(
            String id,
            String name,
            Instant createdAt,
            @Nullable Instant lastUsedAt) {
        static PasskeyBody of(PasskeyRepository.Passkey passkey) {
            return new PasskeyBody(passkey.id(), passkey.name(), passkey.createdAt(), passkey.lastUsedAt());
        }
    }

    /** @param providers the issuers of the services that the user signs in with */
    record Body(
            boolean password,
            boolean totp,
            int recoveryCodes,
            List<PasskeyBody> passkeys,
            List<String> providers,
            List<SessionBody> sessions) {}

    @GetMapping
    Body get(Caller caller, HttpServletRequest request) {
        Session current = browser.session(caller, request);
        return new Body(
                users.password(caller.userId()).isPresent(),
                factors.isOn(caller.userId()),
                factors.recoveryCodesLeft(caller.userId()),
                passkeyRepository.ofUser(caller.userId()).stream()
                        .map(PasskeyBody::of)
                        .toList(),
                identities.issuers(caller.userId()),
                sessions.ofUser(caller.userId()).stream()
                        .map(session -> new SessionBody(
                                session.id(),
                                session.client().address(),
                                session.client().agent(),
                                session.secondFactor(),
                                session.createdAt(),
                                session.lastSeenAt(),
                                session.id().equals(current.id())))
                        .toList());
    }

    @DeleteMapping("/sessions/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void end(Caller caller, @PathVariable String id, HttpServletRequest request) {
        browser.session(caller, request);
        if (!sessions.end(id, caller.userId())) {
            throw ApiException.notFound("There is no such session.");
        }
    }

    @PostMapping("/sign-out-elsewhere")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void endOthers(Caller caller, HttpServletRequest request) {
        sessions.endOthers(caller.userId(), browser.session(caller, request));
    }

    @PostMapping("/totp")
    SecondFactors.Enrolment enrol(Caller caller, JsonObject body, HttpServletRequest request) {
        browser.proved(caller, body, request);
        return factors.enrol(users.find(caller.userId()).orElseThrow())
                .orElseThrow(() -> ApiException.of(
                        HttpStatus.CONFLICT, "Codes are asked for already: remove them first.", null, "already_on"));
    }

    record RecoveryCodes(List<String> recoveryCodes) {}

    @PostMapping("/totp/confirm")
    RecoveryCodes confirm(Caller caller, JsonObject body, HttpServletRequest request) {
        String code = body.requiredString("code");
        body.finish();
        Session session = browser.session(caller, request);
        List<String> codes = factors.confirm(caller.userId(), code).orElseThrow(SecurityController::wrongCode);
        sessions.showedSecondFactor(session);
        return new RecoveryCodes(codes);
    }

    @PostMapping("/totp/remove")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(Caller caller, JsonObject body, HttpServletRequest request) {
        String code = body.requiredString("code");
        browser.proved(caller, body, request);
        if (!factors.check(caller.userId(), code)) {
            throw wrongCode();
        }
        factors.remove(caller.userId(), caller.userId());
    }

    @PostMapping("/passkeys/options")
    Map<String, ?> passkeyOptions(Caller caller, JsonObject body, HttpServletRequest request) {
        browser.proved(caller, body, request);
        return passkeys.creationOptions(users.find(caller.userId()).orElseThrow());
    }

    @PostMapping("/passkeys")
    @ResponseStatus(HttpStatus.CREATED)
    PasskeyBody addPasskey(Caller caller, JsonObject body, HttpServletRequest request) {
        String name = body.requiredString("name").strip();
        JsonObject credential = body.object("credential").orElseThrow(() -> body.missing("credential"));
        body.finish();
        Session session = browser.session(caller, request);
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw body.invalid("name", "a name has 1 to " + MAX_NAME + " characters");
        }
        PasskeyRepository.Passkey made = passkeys.add(caller.userId(), name, credential.toString())
                .orElseThrow(() -> ApiException.badRequest(
                        "This passkey was not made for this account just now: begin again.",
                        "credential",
                        "wrong_credential"));
        sessions.showedSecondFactor(session);
        return PasskeyBody.of(made);
    }

    @PostMapping("/passkeys/{id}/remove")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void removePasskey(Caller caller, @PathVariable String id, JsonObject body, HttpServletRequest request) {
        browser.proved(caller, body, request);
        if (!passkeys.remove(id, caller.userId())) {
            throw ApiException.notFound("There is no such passkey.");
        }
    }

    private static ApiException wrongCode() {
        return ApiException.badRequest(
                "This code is wrong, or was used already; wait for the next one.", "code", "wrong_code");
    }
}
