package dev.mynah.server.web;

import dev.mynah.server.store.Ids;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Names each request in a header of its response and in what is logged meanwhile, so that a user's complaint finds its lines. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RequestIds extends OncePerRequestFilter {
    private static final String NAME = "x-request-id";
    private static final String LOGGED = "request_id";
    private static final String BEGUN = RequestIds.class.getName();

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String id = Ids.next("req_");
        request.setAttribute(BEGUN, System.nanoTime());
        response.setHeader(NAME, id);
        try (MDC.MDCCloseable _ = MDC.putCloseable(LOGGED, id)) {
            chain.doFilter(request, response);
        }
    }

    /** Tells how long it took until the response began, in the header that OpenAI's clients show. */
    static HeaderWriter processingTime() {
        return (request, response) -> {
            if (request.getAttribute(BEGUN) instanceof Long begun) {
                Duration spent = Duration.ofNanos(System.nanoTime() - begun);
                response.setHeader("openai-processing-ms", String.valueOf(spent.toMillis()));
            }
        };
    }
}
