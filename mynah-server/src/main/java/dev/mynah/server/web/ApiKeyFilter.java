package dev.mynah.server.web;

import dev.mynah.server.account.ApiKeys;
import dev.mynah.server.account.Caller;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Knows callers by {@code Authorization: Bearer KEY}. A key that is wrong is refused at once, wherever it was sent to. */
final class ApiKeyFilter extends OncePerRequestFilter {
    private static final String BEARER = "Bearer ";

    private final ApiKeys keys;
    private final ErrorWriter errors;

    ApiKeyFilter(ApiKeys keys, ErrorWriter errors) {
        this.keys = keys;
        this.errors = errors;
    }

    /** Whether a request comes with a key, and thus not from a browser that was tricked into sending it. */
    static boolean hasKey(HttpServletRequest request) {
        @Nullable String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (hasKey(request)) {
            String token = request.getHeader(HttpHeaders.AUTHORIZATION)
                    .substring(BEARER.length())
                    .strip();
            Optional<Caller> caller = keys.authenticate(token);
            if (caller.isEmpty()) {
                errors.write(
                        response,
                        ApiException.unauthorized("Incorrect API key provided: it is unknown, expired or revoked."));
                return;
            }
            authenticate(caller.get());
        }
        chain.doFilter(request, response);
    }

    static void authenticate(Caller caller) {
        SimpleGrantedAuthority role =
                new SimpleGrantedAuthority("ROLE_" + caller.role().name());
        SecurityContextHolder.getContext()
                .setAuthentication(UsernamePasswordAuthenticationToken.authenticated(caller, null, List.of(role)));
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }
}
