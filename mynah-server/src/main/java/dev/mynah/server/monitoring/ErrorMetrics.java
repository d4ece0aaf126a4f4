package dev.mynah.server.monitoring;

import dev.mynah.server.web.ErrorBody;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/** Counts the errors that are answered with a body of the API, by status, type and code. */
@RestControllerAdvice
final class ErrorMetrics implements ResponseBodyAdvice<Object> {
    private final MeterRegistry registry;

    ErrorMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public boolean supports(MethodParameter returnType, Class<? extends HttpMessageConverter<?>> converterType) {
        return true;
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter returnType,
            MediaType contentType,
            Class<? extends HttpMessageConverter<?>> converterType,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        if (body instanceof ErrorBody error && response instanceof ServletServerHttpResponse servlet) {
            String code = error.error().code();
            Counter.builder("mynah.errors")
                    .description("Errors that were answered")
                    .tags("status", String.valueOf(servlet.getServletResponse().getStatus()))
                    .tags("type", error.error().type())
                    .tags("code", code == null ? "none" : code)
                    .register(registry)
                    .increment();
        }
        return body;
    }
}
