package dev.mynah.server.api;

import dev.mynah.server.account.Caller;
import dev.mynah.server.answer.AnswerOrder;
import dev.mynah.server.answer.Answers;
import dev.mynah.server.answer.Inference;
import dev.mynah.server.answer.RunningAnswer;
import dev.mynah.server.billing.RateLimits;
import dev.mynah.server.store.Ids;
import dev.mynah.server.web.ClientConnection;
import dev.mynah.server.web.EventStream;
import dev.mynah.server.web.Idempotency;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.RateLimitHeaders;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /v1/completions}: texts as they stand, without a conversation's frame. */
@RestController
final class CompletionsController {
    private static final String ENDPOINT = "/v1/completions";

    private final Inference inference;
    private final Answers answers;
    private final RateLimits limits;
    private final Idempotency idempotency;
    private final JsonMapper mapper;
    private final Clock clock;

    CompletionsController(
            Inference inference,
            Answers answers,
            RateLimits limits,
            Idempotency idempotency,
            JsonMapper mapper,
            Clock clock) {
        this.inference = inference;
        this.answers = answers;
        this.limits = limits;
        this.idempotency = idempotency;
        this.mapper = mapper;
        this.clock = clock;
    }

    @PostMapping(ENDPOINT)
    @Nullable
    Object create(Caller caller, JsonObject body, HttpServletRequest request, HttpServletResponse response) {
        return idempotency.once(request, caller, body, () -> answer(caller, body, request, response));
    }

    private @Nullable Completion answer(
            Caller caller, JsonObject body, HttpServletRequest request, HttpServletResponse response) {
        CompletionRequest wanted = CompletionRequest.read(body);
        AnswerOrder order = inference.order(new Inference.Question(
                Ids.next("cmpl-"),
                caller,
                ENDPOINT,
                null,
                wanted.model(),
                wanted.prompts(),
                wanted.sampling(),
                wanted.choices()));
        ClientConnection client = ClientConnection.of(request);
        long created = clock.instant().getEpochSecond();
        List<String> echoes = wanted.prompts().stream()
                .map(prompt -> wanted.echo() ? inference.text(order.model(), prompt) : "")
                .toList();
        try (RunningAnswer answer = answers.start(order)) {
            RateLimitHeaders.write(limits.remaining(caller.organisationId(), order.plan()), response::setHeader);
            if (!wanted.streaming().on()) {
                int choices = wanted.prompts().size() * wanted.choices();
                return whole(answer, CollectedChoice.collect(answer, client, choices), wanted, echoes, created);
            }
            new CompletionStream(answer, wanted, echoes, created, new EventStream(response, mapper)).run(client);
            return null;
        }
    }

    private Completion whole(
            RunningAnswer answer,
            List<CollectedChoice> collected,
            CompletionRequest wanted,
            List<String> echoes,
            long created) {
        boolean logProbs = wanted.sampling().topLogProbs() >= 0;
        List<Completion.Choice> choices = IntStream.range(0, collected.size())
                .mapToObj(i -> {
                    CollectedChoice choice = collected.get(i);
                    String echo = echoes.get(i / wanted.choices());
                    return new Completion.Choice(
                            i,
                            echo + choice.text(),
                            logProbs ? Completion.LogProbs.of(choice.scores(), 0) : null,
                            choice.finishReason());
                })
                .toList();
        return new Completion(
                answer.id(),
                Completion.OBJECT,
                created,
                wanted.model(),
                choices,
                mapper.valueToTree(UsageBody.of(answer.counts())));
    }
}
