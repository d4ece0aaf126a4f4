package dev.mynah.server.monitoring;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;

/** Times requests by method, route and status; a stream counts until its end. Whatever has no route is one, so that strangers cannot make series without end. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RequestMetrics extends OncePerRequestFilter {
    static final String NAME = "mynah.http.requests";

    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");

    private final MeterRegistry registry;

    RequestMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long start = System.nanoTime();
        try {
            chain.doFilter(request, response);
        } finally {
            Object route = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
            String method = METHODS.contains(request.getMethod()) ? request.getMethod() : "other";
            Timer.builder(NAME)
                    .description("Requests, streams until their end")
                    .tags("method", method)
                    .tags("route", route == null ? "none" : route.toString())
                    .tags("status", String.valueOf(response.getStatus()))
                    .register(registry)
                    .record(Duration.ofNanos(System.nanoTime() - start));
        }
    }
}
