package dev.mynah.server.api;

import dev.mynah.server.account.Caller;
import dev.mynah.server.answer.AnswerOrder;
import dev.mynah.server.answer.Answers;
import dev.mynah.server.answer.Inference;
import dev.mynah.server.answer.RunningAnswer;
import dev.mynah.server.billing.RateLimits;
import dev.mynah.server.provider.Prompt;
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

/** {@code POST /v1/chat/completions}. */
@RestController
final class ChatCompletionsController {
    private static final String ENDPOINT = "/v1/chat/completions";

    private final Inference inference;
    private final Answers answers;
    private final RateLimits limits;
    private final Idempotency idempotency;
    private final JsonMapper mapper;
    private final Clock clock;

    ChatCompletionsController(
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

    private @Nullable ChatCompletion answer(
            Caller caller, JsonObject body, HttpServletRequest request, HttpServletResponse response) {
        ChatCompletionRequest chat = ChatCompletionRequest.read(body);
        AnswerOrder order = inference.order(new Inference.Question(
                Ids.next("chatcmpl-"),
                caller,
                ENDPOINT,
                null,
                chat.model(),
                List.of(new Prompt.Chat(chat.messages())),
                chat.sampling(),
                chat.choices()));
        ClientConnection client = ClientConnection.of(request);
        try (RunningAnswer answer = answers.start(order)) {
            RateLimitHeaders.write(limits.remaining(caller.organisationId(), order.plan()), response::setHeader);
            int choices = chat.choices();
            if (!chat.streaming().on()) {
                return whole(answer, CollectedChoice.collect(answer, client, choices), chat);
            }
            long created = clock.instant().getEpochSecond();
            new ChatCompletionStream(answer, chat, created, new EventStream(response, mapper)).run(client);
            return null;
        }
    }

    private ChatCompletion whole(RunningAnswer answer, List<CollectedChoice> collected, ChatCompletionRequest chat) {
        boolean logProbs = chat.sampling().topLogProbs() >= 0;
        List<ChatCompletion.Choice> choices = IntStream.range(0, collected.size())
                .mapToObj(i -> {
                    CollectedChoice choice = collected.get(i);
                    return new ChatCompletion.Choice(
                            i,
                            new ChatCompletion.Message("assistant", choice.text(), null),
                            logProbs ? LogProbsBody.of(choice.scores()) : null,
                            choice.finishReason());
                })
                .toList();
        return new ChatCompletion(
                answer.id(),
                "chat.completion",
                clock.instant().getEpochSecond(),
                chat.model(),
                choices,
                UsageBody.of(answer.counts()));
    }
}
