package dev.mynah.server.api;

import dev.mynah.server.account.Caller;
import dev.mynah.server.answer.AnswerOrder;
import dev.mynah.server.answer.Answers;
import dev.mynah.server.answer.Inference;
import dev.mynah.server.answer.RunningAnswer;
import dev.mynah.server.web.ClientConnection;
import dev.mynah.server.web.ClientGoneException;
import dev.mynah.server.web.ContentLabel;
import dev.mynah.server.web.Errors;
import dev.mynah.server.web.EventStream;
import dev.mynah.server.web.Idempotency;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.RateLimitHeaders;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Serves requests with answers, as a whole or as a stream, and does what all endpoints owe: repeats are answered once, limits stand in the headers, what was delivered is charged. */
@Component
final class AnswerService {
    private final Inference inference;
    private final Answers answers;
    private final Idempotency idempotency;
    private final Errors errors;
    private final JsonMapper mapper;
    private final Clock clock;

    AnswerService(
            Inference inference,
            Answers answers,
            Idempotency idempotency,
            Errors errors,
            JsonMapper mapper,
            Clock clock) {
        this.inference = inference;
        this.answers = answers;
        this.idempotency = idempotency;
        this.errors = errors;
        this.mapper = mapper;
        this.clock = clock;
    }

    /** A request to a controller, and where its response goes. */
    record Call(Caller caller, JsonObject body, HttpServletRequest request, HttpServletResponse response) {}

    /**
     * Serves a request.
     *
     * @param read reads it; is not called where an earlier answer is repeated
     * @return the response's body, or null where it was streamed
     */
    @Nullable
    Object serve(Call call, Supplier<? extends Exchange> read) {
        return idempotency.once(call.request(), call.caller(), call.body(), () -> answer(call, read.get()));
    }

    private @Nullable Object answer(Call call, Exchange exchange) {
        Inference.Question question = exchange.question(call.caller());
        int choices = question.prompts().size() * question.choices();
        AnswerOrder order = inference.order(question);
        ClientConnection client = ClientConnection.of(call.request());
        long created = clock.instant().getEpochSecond();
        try (RunningAnswer answer = answers.start(order)) {
            writeLimits(answer, call.response());
            call.response().setHeader(ContentLabel.HEADER, ContentLabel.GENERATED);
            if (exchange.streams()) {
                EventStream events = new EventStream(call.response(), mapper);
                Exchange.Writer writer = exchange.writer(answer.id(), created, events);
                try {
                    stream(answer, writer, new Delivery(answer, client::isGone, choices));
                } catch (ClientGoneException e) {
                    throw e;
                } catch (RuntimeException e) {
                    // The status is sent; without this the stream would seem to have come to its end.
                    writer.fail(errors.body(e, question.endpoint()));
                }
                return null;
            }
            return exchange.whole(
                    answer.id(), created, CollectedChoice.collect(answer, client, choices), answer.counts());
        }
    }

    /** Tells the client what is left of its limits. */
    void writeLimits(RunningAnswer answer, HttpServletResponse response) {
        RateLimitHeaders.write(answer.remaining(), response::setHeader);
    }

    private static void stream(RunningAnswer answer, Exchange.Writer writer, Delivery delivery) {
        writer.begin();
        delivery.run(
                event -> {
                    writer.show(event);
                    answer.delivered(event);
                },
                () -> {});
        // What is reported is what is charged, so it is settled first.
        answer.close();
        writer.end(answer.counts());
    }
}
