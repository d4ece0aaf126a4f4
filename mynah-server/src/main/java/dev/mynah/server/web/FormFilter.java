package dev.mynah.server.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses forms without the header against forged requests. Where it is missing, the token would be looked for in the form, which would be read to its end for somebody who may not even be known.
 */
final class FormFilter extends OncePerRequestFilter {
    private static final String HEADER = "X-XSRF-TOKEN";

    private final ErrorWriter errors;

    FormFilter(ErrorWriter errors) {
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        @Nullable String type = request.getContentType();
        if (type != null
                && type.toLowerCase(Locale.ROOT).startsWith(MediaType.MULTIPART_FORM_DATA_VALUE)
                && request.getHeader(HEADER) == null
                && !ApiKeyFilter.hasKey(request)) {
            errors.write(response, ApiException.forbidden("The page is out of date."));
            return;
        }
        chain.doFilter(request, response);
    }
}
