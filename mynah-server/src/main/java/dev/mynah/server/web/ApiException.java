package dev.mynah.server.web;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** A request that is not answered, with all that an error of the OpenAI API says. */
public final class ApiException extends RuntimeException {
    private final HttpStatus status;
    private final String type;
    private final @Nullable String param;
    private final @Nullable String code;
    private final @Nullable Duration retryAfter;

    private ApiException(
            HttpStatus status,
            String type,
            String message,
            @Nullable String param,
            @Nullable String code,
            @Nullable Duration retryAfter) {
        super(message);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** 400: the request as a whole. */
    public static ApiException badRequest(String message) {
        return badRequest(message, null, null);
    }

    /**
     * 400.
     *
     * @param param the parameter at fault, such as {@code messages[0].role}
     * @param code  a word for programs, such as {@code context_length_exceeded}
     */
    public static ApiException badRequest(String message, @Nullable String param, @Nullable String code) {
        return of(HttpStatus.BAD_REQUEST, message, param, code);
    }

    /** 401: the caller is unknown. */
    public static ApiException unauthorized(String message) {
        return of(HttpStatus.UNAUTHORIZED, message, null, "invalid_api_key");
    }

    /** 403: the caller is known, and may not do this. */
    public static ApiException forbidden(String message) {
        return of(HttpStatus.FORBIDDEN, message, null, "forbidden");
    }

    /** 404: there is no such thing, or it is another's. */
    public static ApiException notFound(String message) {
        return of(HttpStatus.NOT_FOUND, message, null, "not_found");
    }

    /** An error that is the request's fault, of any status. */
    public static ApiException of(HttpStatus status, String message, @Nullable String param, @Nullable String code) {
        return new ApiException(status, "invalid_request_error", message, param, code, null);
    }

    /** 429: come again later. */
    public static ApiException tooManyRequests(
            String message, String type, String code, @Nullable Duration retryAfter) {
        return new ApiException(HttpStatus.TOO_MANY_REQUESTS, type, message, null, code, retryAfter);
    }

    /** 503: the service cannot answer now. */
    public static ApiException unavailable(String message, String code) {
        return new ApiException(
                HttpStatus.SERVICE_UNAVAILABLE, "server_error", message, null, code, Duration.ofSeconds(1));
    }

    public HttpStatus status() {
        return status;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** What the body of the response says. */
    public ErrorBody body() {
        return new ErrorBody(new ErrorBody.Detail(String.valueOf(getMessage()), type, param, code));
    }
}
