package dev.mynah.server.web;

import dev.mynah.server.account.Sessions;
import dev.mynah.server.account.SignIn;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/** The cookies of a browser that is signed in, or about to be: scripts cannot read them, other sites cannot have them sent. */
public final class SessionCookie {
    private static final String NAME = "mynah_session";
    private static final String STEP = "mynah_sign_in";
    private static final String PROVIDER = "mynah_provider";

    private SessionCookie() {}

    public static Optional<String> of(HttpServletRequest request) {
        return find(request, NAME);
    }

    /** The token of a sign-in that waits for its second step. */
    static Optional<String> step(HttpServletRequest request) {
        return find(request, STEP);
    }

    /** The token of a sign-in that waits for a provider's answer. */
    static Optional<String> provider(HttpServletRequest request) {
        return find(request, PROVIDER);
    }

    static void setProvider(HttpServletRequest request, HttpServletResponse response, String token, Duration lifetime) {
        write(request, response, PROVIDER, token, lifetime);
    }

    private static Optional<String> find(HttpServletRequest request, String name) {
        Cookie @Nullable [] cookies = request.getCookies();
        return cookies == null
                ? Optional.empty()
                : Arrays.stream(cookies)
                        .filter(cookie -> cookie.getName().equals(name))
                        .map(Cookie::getValue)
                        .findFirst();
    }

    public static void set(HttpServletRequest request, HttpServletResponse response, String token) {
        write(request, response, NAME, token, Sessions.LIFETIME);
        if (step(request).isPresent()) {
            write(request, response, STEP, "", Duration.ZERO);
        }
    }

    static void setStep(HttpServletRequest request, HttpServletResponse response, String token) {
        write(request, response, STEP, token, SignIn.STEP_LIFETIME);
    }

    public static void clear(HttpServletRequest request, HttpServletResponse response) {
        write(request, response, NAME, "", Duration.ZERO);
    }

    private static void write(
            HttpServletRequest request, HttpServletResponse response, String name, String value, Duration lifetime) {
        ResponseCookie cookie = ResponseCookie.from(name, value)
                .httpOnly(true)
                .secure(request.isSecure())
                .sameSite("Lax")
                .path("/")
                .maxAge(lifetime)
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }
}
