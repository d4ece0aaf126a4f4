package dev.mynah.server.web;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Client;
import dev.mynah.server.account.SessionRepository.Session;
import dev.mynah.server.account.Sessions;
import dev.mynah.server.account.SignIn;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** What may be done in a browser only, and by whom the account is: a key, or a browser that was left open, is not enough. */
@Component
public final class SignedInBrowser {
    private final Sessions sessions;
    private final SignIn signIn;

    SignedInBrowser(Sessions sessions, SignIn signIn) {
        this.sessions = sessions;
        this.signIn = signIn;
    }

    /** Where a request comes from. */
    static Client client(HttpServletRequest request) {
        return new Client(
                request.getRemoteAddr(), Objects.requireNonNullElse(request.getHeader(HttpHeaders.USER_AGENT), ""));
    }

    /** The caller's session; a key is refused. */
    Session session(Caller caller, HttpServletRequest request) {
        return Optional.of(caller)
                .filter(who -> who.apiKeyId() == null)
                .flatMap(who -> SessionCookie.of(request))
                .flatMap(sessions::find)
                .orElseThrow(
                        () -> ApiException.forbidden("This is done in a browser that is signed in, not with a key."));
    }

    /** As {@link #session}, and refuses who does not know the password: the body's {@code password}, which an account without one does not need just after signing in. */
    public Session proved(Caller caller, JsonObject body, HttpServletRequest request) {
        Optional<String> password = body.string("password");
        body.finish();
        Session session = session(caller, request);
        if (password.isPresent()) {
            if (!signIn.confirms(caller.userId(), password.get())) {
                throw ApiException.badRequest("The password is wrong.", "password", "wrong_credentials");
            }
        } else if (!signIn.isFresh(caller.userId(), session)) {
            throw ApiException.of(
                    HttpStatus.FORBIDDEN,
                    "Give your password, or sign in again if the account has none.",
                    "password",
                    "password_required");
        }
        return session;
    }
}
