package dev.mynah.server.web;

import dev.mynah.server.account.AccountSettings;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Where people reach the service over TLS, requests count as secure, whatever the proxy that ends it says: so cookies are {@code Secure}. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SecureRequests extends OncePerRequestFilter {
    private final boolean tls;

    SecureRequests(AccountSettings settings) {
        @Nullable String url = settings.publicUrl();
        tls = url != null && url.startsWith("https:");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(tls ? new Secure(request) : request, response);
    }

    private static final class Secure extends HttpServletRequestWrapper {
        Secure(HttpServletRequest request) {
            super(request);
        }

        @Override
        public boolean isSecure() {
            return true;
        }
    }
}
