package dev.mynah.server.web;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.EmailAddresses;
import dev.mynah.server.account.PasswordReset;
import dev.mynah.server.account.User;
import dev.mynah.server.account.UserRepository;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What goes by mail: a new password, confirming an address, changing it. */
@RestController
final class RecoveryController {
    private final PasswordReset reset;
    private final EmailAddresses addresses;
    private final UserRepository users;
    private final SignedInBrowser browser;

    RecoveryController(PasswordReset reset, EmailAddresses addresses, UserRepository users, SignedInBrowser browser) {
        this.reset = reset;
        this.addresses = addresses;
        this.users = users;
        this.browser = browser;
    }

    /** Whatever the address: the answer is the same. */
    @PostMapping("/api/account/password-reset")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void requestReset(JsonObject body, HttpServletRequest request) {
        String email = body.requiredString("email");
        body.finish();
        reset.request(email, request.getLocale(), SignedInBrowser.client(request));
    }

    @PostMapping("/api/account/password-reset/confirm")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void reset(JsonObject body, HttpServletRequest request) {
        String token = body.requiredString("token");
        String password = body.requiredString("new_password");
        body.finish();
        reset.reset(token, password, request.getLocale(), SignedInBrowser.client(request));
    }

    /** Sends the mail again. */
    @PostMapping("/api/account/email-verification")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void sendVerification(Caller caller, HttpServletRequest request) {
        browser.session(caller, request);
        User user = users.find(caller.userId()).orElseThrow();
        if (!user.isEmailVerified()) {
            addresses.sendVerification(user, request.getLocale());
        }
    }

    @PostMapping("/api/account/email-verification/confirm")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void verify(JsonObject body) {
        String token = body.requiredString("token");
        body.finish();
        addresses.verify(token);
    }

    @PostMapping("/api/account/email")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void requestChange(Caller caller, JsonObject body, HttpServletRequest request) {
        String email = body.requiredString("email");
        browser.proved(caller, body, request);
        addresses.requestChange(users.find(caller.userId()).orElseThrow(), email, request.getLocale());
    }

    /** @param done whether the address is changed, rather than waiting for the new one to agree */
    record Agreed(boolean done) {}

    @PostMapping("/api/account/email/confirm")
    Agreed agree(JsonObject body, HttpServletRequest request) {
        String token = body.requiredString("token");
        body.finish();
        return new Agreed(addresses.agree(token, request.getLocale()));
    }
}
