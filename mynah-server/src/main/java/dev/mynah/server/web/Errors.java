package dev.mynah.server.web;

import dev.mynah.engine.EngineBusyException;
import dev.mynah.engine.PromptTooLongException;
import dev.mynah.files.OwnWords;
import dev.mynah.server.account.EmailUnverifiedException;
import dev.mynah.server.account.InvalidTokenException;
import dev.mynah.server.account.ScopeException;
import dev.mynah.server.account.ThrottledException;
import dev.mynah.server.answer.GenerationFailedException;
import dev.mynah.server.answer.GenerationSuspendedException;
import dev.mynah.server.answer.PaymentDisputedException;
import dev.mynah.server.answer.ServiceStoppedException;
import dev.mynah.server.answer.UnknownModelException;
import dev.mynah.server.billing.BillingException;
import dev.mynah.server.billing.InsufficientFundsException;
import dev.mynah.server.billing.LimitExceededException;
import dev.mynah.server.billing.SpendCapException;
import dev.mynah.server.payment.ProviderException;
import dev.mynah.server.provider.UnusableSchemaException;
import dev.mynah.server.upstream.UpstreamException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.coyote.BadRequestException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.NoHandlerFoundException;

/** Turns exceptions into errors of the API. */
@RestControllerAdvice
public final class Errors {
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);
    // Of PostgreSQL and of H2, for a row whose parent is not there.
    private static final Set<String> ORPHANED = Set.of("23503", "23506");
    private static final Set<String> ABSENT = Set.of("POST /v1/responses/compact");

    private final WebPage page;

    Errors(WebPage page) {
        this.page = page;
    }

    /** What the endpoint at {@code path} would answer with, had it thrown this. */
    public ResponseEntity<ErrorBody> of(RuntimeException exception, String path) {
        return switch (exception) {
            case ApiException known -> api(known);
            case PromptTooLongException known -> promptTooLong(known, path);
            case UnknownModelException known -> unknownModel(known);
            case GenerationSuspendedException known -> suspended(known);
            case PaymentDisputedException known -> disputed(known);
            case InsufficientFundsException known -> funds(known);
            case SpendCapException known -> cap(known);
            case LimitExceededException known -> limit(known);
            case EmailUnverifiedException known -> unverified(known);
            case GenerationFailedException known -> failed(known);
            case ScopeException known -> scope(known);
            case EngineBusyException known -> busy(known);
            case ServiceStoppedException known -> stopped(known);
            case UnusableSchemaException known -> schema(known, path);
            case IllegalArgumentException known -> badInput(known);
            default -> other(exception);
        };
    }

    /** What the body of {@link #of} says. */
    public ErrorBody body(RuntimeException exception, String path) {
        return Objects.requireNonNull(of(exception, path).getBody());
    }

    /** Errors are JSON, whatever a client accepts: one that downloads a file expects no other. */
    private static ResponseEntity.BodyBuilder json(HttpStatusCode status) {
        return ResponseEntity.status(status).contentType(MediaType.APPLICATION_JSON);
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> api(ApiException exception) {
        ResponseEntity.BodyBuilder response = json(exception.status());
        exception
                .retryAfter()
                .ifPresent(after ->
                        response.header(HttpHeaders.RETRY_AFTER, String.valueOf(RateLimitHeaders.seconds(after))));
        return response.body(exception.body());
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> promptTooLong(PromptTooLongException exception, HttpServletRequest request) {
        return promptTooLong(exception, request.getRequestURI());
    }

    private ResponseEntity<ErrorBody> promptTooLong(PromptTooLongException exception, String path) {
        String prompt = switch (path) {
            case "/v1/completions" -> "prompt";
            case "/v1/responses", "/v1/responses/input_tokens", "/v1/embeddings" -> "input";
            default -> "messages";
        };
        return api(ApiException.badRequest(
                "This model's maximum context length is " + exception.context() + " tokens. However, your prompt has "
                        + exception.promptTokens() + " tokens. Please reduce its length.",
                prompt,
                "context_length_exceeded"));
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> unknownModel(UnknownModelException exception) {
        return api(ApiException.of(
                HttpStatus.NOT_FOUND, String.valueOf(exception.getMessage()), "model", "model_not_found"));
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> scope(ScopeException exception) {
        return api(ApiException.forbidden(String.valueOf(exception.getMessage())));
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> suspended(GenerationSuspendedException exception) {
        return api(ApiException.of(
                HttpStatus.FORBIDDEN, String.valueOf(exception.getMessage()), null, "generation_suspended"));
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> disputed(PaymentDisputedException exception) {
        return api(ApiException.of(
                HttpStatus.FORBIDDEN, String.valueOf(exception.getMessage()), null, "payment_disputed"));
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> unverified(EmailUnverifiedException exception) {
        return api(ApiException.of(
                HttpStatus.FORBIDDEN, String.valueOf(exception.getMessage()), null, "email_unverified"));
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> invalidToken(InvalidTokenException exception) {
        return api(ApiException.badRequest(String.valueOf(exception.getMessage()), "token", "invalid_token"));
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> busy(EngineBusyException exception) {
        return api(ApiException.unavailable(String.valueOf(exception.getMessage()), "engine_busy"));
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> limit(LimitExceededException exception) {
        ResponseEntity<ErrorBody> response = api(ApiException.tooManyRequests(
                String.valueOf(exception.getMessage()),
                "rate_limit_error",
                "rate_limit_exceeded",
                exception.retryAfter()));
        HttpHeaders headers = new HttpHeaders(response.getHeaders());
        RateLimitHeaders.write(exception.remaining(), headers::set);
        return new ResponseEntity<>(response.getBody(), headers, response.getStatusCode());
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> throttled(ThrottledException exception) {
        return api(ApiException.tooManyRequests(
                String.valueOf(exception.getMessage()),
                "rate_limit_error",
                "too_many_attempts",
                exception.retryAfter()));
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> funds(InsufficientFundsException exception) {
        return api(ApiException.tooManyRequests(
                String.valueOf(exception.getMessage()), "insufficient_quota", "insufficient_quota", null));
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> cap(SpendCapException exception) {
        return api(ApiException.tooManyRequests(
                String.valueOf(exception.getMessage()), "insufficient_quota", "billing_hard_limit_reached", null));
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> billing(BillingException exception) {
        return api(
                ApiException.of(HttpStatus.CONFLICT, String.valueOf(exception.getMessage()), null, exception.code()));
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> payment(ProviderException exception) {
        LOG.error("the payment provider failed", exception);
        return api(ApiException.unavailable(
                "The payment provider does not answer now. Nothing was charged; try again later.",
                "payment_provider_unavailable"));
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> schema(UnusableSchemaException exception, HttpServletRequest request) {
        return schema(exception, request.getRequestURI());
    }

    private ResponseEntity<ErrorBody> schema(UnusableSchemaException exception, String path) {
        boolean flat = path.startsWith("/v1/responses");
        String tools = exception.tool().isPresent()
                ? "tools[" + exception.tool().getAsInt() + "]" + (flat ? ".parameters" : ".function.parameters")
                : "tools";
        String format = flat ? "text.format.schema" : "response_format.json_schema.schema";
        return api(ApiException.badRequest(
                String.valueOf(exception.getMessage()), exception.isOfTools() ? tools : format, "invalid_value"));
    }

    /** Bad input, where this program's own code says so. What a library refuses is the program's fault, and its words are about the inside. */
    @ExceptionHandler
    ResponseEntity<ErrorBody> badInput(IllegalArgumentException exception) {
        return OwnWords.areIn(exception)
                ? api(ApiException.badRequest(String.valueOf(exception.getMessage())))
                : other(exception);
    }

    /** A parameter of the address that is no number, or neither true nor false. */
    @ExceptionHandler
    ResponseEntity<ErrorBody> wrongType(MethodArgumentTypeMismatchException exception) {
        String name = exception.getName();
        boolean yesOrNo = exception.getRequiredType() == boolean.class || exception.getRequiredType() == Boolean.class;
        String wanted = yesOrNo ? "true or false" : "a whole number that is not too large";
        return api(
                ApiException.badRequest("Invalid '" + name + "': it must be " + wanted + ".", name, "invalid_value"));
    }

    /** Found by the container when somebody first asks for a parameter. */
    @ExceptionHandler
    ResponseEntity<ErrorBody> unreadableParameter(InvalidParameterException exception) {
        return api(ApiException.badRequest("The parameters of the address are not valid UTF-8, or too many."));
    }

    /**
     * What the database cannot keep, and nobody looked for before: SQLSTATE class 22, such as a text that is too long or has a NUL; and what belongs to something that was deleted since it was looked
     * for. Anything else is the program's fault.
     */
    @ExceptionHandler
    ResponseEntity<ErrorBody> unfit(DataIntegrityViolationException exception) {
        String state = exception.getMostSpecificCause() instanceof SQLException cause
                ? String.valueOf(cause.getSQLState())
                : "";
        if (state.startsWith("22")) {
            return api(ApiException.badRequest(
                    "A value is too long, or holds what cannot be kept.", null, "invalid_value"));
        }
        if (ORPHANED.contains(state)) {
            LOG.info("what a request is about was deleted meanwhile", exception);
            return api(ApiException.notFound("What this is about was deleted meanwhile."));
        }
        return other(exception);
    }

    /** Found by the firewall when somebody first asks for it: a parameter's name that is none. */
    @ExceptionHandler
    ResponseEntity<ErrorBody> rejected(RequestRejectedException exception) {
        return api(ApiException.badRequest("The name of a parameter has characters that no name here has."));
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> damagedForm(MultipartException exception) {
        return api(ApiException.badRequest(
                "The form could not be read as multipart/form-data: it is damaged, or its file has no filename."));
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> stopped(ServiceStoppedException exception) {
        return api(ApiException.unavailable(String.valueOf(exception.getMessage()), "service_stopped"));
    }

    /** Logged where it happened. */
    @ExceptionHandler
    ResponseEntity<ErrorBody> failed(GenerationFailedException exception) {
        if (exception.getCause() instanceof ServiceStoppedException stopped) {
            return stopped(stopped);
        }
        if (exception.getCause() instanceof UpstreamException upstream) {
            return api(
                    upstream.isRefused()
                            ? ApiException.badRequest(String.valueOf(upstream.getMessage()))
                            : ApiException.unavailable(
                                    "The model's service does not answer now. Try again later.",
                                    "upstream_unavailable"));
        }
        return json(HttpStatus.INTERNAL_SERVER_ERROR).body(ErrorBody.internal());
    }

    /** A client that hung up; nobody reads what is answered. */
    @ExceptionHandler
    void gone(ClientGoneException exception) {
        LOG.debug("the client is gone", exception);
    }

    @ExceptionHandler({ClientAbortException.class, AsyncRequestNotUsableException.class})
    void gone(IOException exception) {
        LOG.debug("the client is gone", exception);
    }

    /** A body that is not sent as HTTP has it, such as a chunk without a length. */
    @ExceptionHandler
    ResponseEntity<ErrorBody> damaged(BadRequestException exception) {
        return api(ApiException.badRequest("The body of the request could not be read."));
    }

    /** An address that is none: people get the web app, which says so. */
    @ExceptionHandler
    ResponseEntity<?> nothing(NoHandlerFoundException exception, HttpServletRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return exception.getHttpMethod().equals(HttpMethod.GET.name())
                        && accept != null
                        && accept.contains(MediaType.TEXT_HTML_VALUE)
                ? ResponseEntity.status(HttpStatus.NOT_FOUND)
                        .contentType(MediaType.TEXT_HTML)
                        .body(page.html())
                : other(exception);
    }

    /** A method that a route does not take. An endpoint of the OpenAI API that is not here is none, though the route of an id would have its address. */
    @ExceptionHandler
    ResponseEntity<ErrorBody> wrongMethod(
            HttpRequestMethodNotSupportedException exception, HttpServletRequest request) {
        return ABSENT.contains(request.getMethod() + " " + request.getRequestURI())
                ? json(HttpStatus.NOT_FOUND).body(ErrorBody.refused(HttpStatus.NOT_FOUND.value()))
                : other(exception);
    }

    /** What Spring itself refuses: unknown paths, wrong methods. */
    @ExceptionHandler
    ResponseEntity<ErrorBody> other(Exception exception) {
        if (exception instanceof ErrorResponse refused
                && refused.getStatusCode().is4xxClientError()) {
            HttpStatusCode status = refused.getStatusCode();
            String message = status.value() == HttpStatus.NOT_FOUND.value()
                    ? "There is nothing at this path."
                    : String.valueOf(refused.getBody().getDetail());
            return json(status)
                    .headers(refused.getHeaders())
                    .body(new ErrorBody(new ErrorBody.Detail(message, "invalid_request_error", null, null)));
        }
        LOG.error("a request failed", exception);
        return json(HttpStatus.INTERNAL_SERVER_ERROR).body(ErrorBody.internal());
    }
}
