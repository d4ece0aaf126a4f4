package dev.mynah.server.web;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.InvitationRepository.Invitation;
import dev.mynah.server.account.Invitations;
import dev.mynah.server.account.UserRepository;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/invitations}: what the invited do. Who has no account signs up with the token. */
@RestController
final class InvitationController {
    private final Invitations invitations;
    private final UserRepository users;
    private final SignedInBrowser browser;

    InvitationController(Invitations invitations, UserRepository users, SignedInBrowser browser) {
        this.invitations = invitations;
        this.users = users;
        this.browser = browser;
    }

    /** @param hasAccount whether there is an account with the address: only who has the mail may know */
    record Body(String email, @Nullable String organisation, String inviter, boolean hasAccount) {}

    @PostMapping("/api/invitations/look")
    Body look(JsonObject body) {
        String token = body.requiredString("token");
        body.finish();
        Invitation invitation = invitations
                .look(token)
                .orElseThrow(() -> ApiException.badRequest(
                        "This invitation is no longer good: it was accepted, taken back or is too old.",
                        "token",
                        "invalid_token"));
        return new Body(
                invitation.email(),
                invitation.organisation(),
                invitation.inviter(),
                invitations.hasAccount(invitation));
    }

    @PostMapping("/api/invitations/accept")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void accept(Caller caller, JsonObject body, HttpServletRequest request) {
        String token = body.requiredString("token");
        body.finish();
        browser.session(caller, request);
        invitations.accept(token, users.find(caller.userId()).orElseThrow());
    }
}
