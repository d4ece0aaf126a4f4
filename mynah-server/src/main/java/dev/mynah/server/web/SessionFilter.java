package dev.mynah.server.web;

import dev.mynah.server.account.Sessions;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Knows callers by their session, where they did not come with a key. */
final class SessionFilter extends OncePerRequestFilter {
    private final Sessions sessions;

    SessionFilter(Sessions sessions) {
        this.sessions = sessions;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (Callers.current().isEmpty()) {
            SessionCookie.of(request).flatMap(sessions::authenticate).ifPresent(ApiKeyFilter::authenticate);
        }
        chain.doFilter(request, response);
    }
}
