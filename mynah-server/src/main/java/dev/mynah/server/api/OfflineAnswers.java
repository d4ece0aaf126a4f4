package dev.mynah.server.api;

import dev.mynah.server.account.Caller;
import dev.mynah.server.answer.Answers;
import dev.mynah.server.answer.Inference;
import dev.mynah.server.answer.RunningAnswer;
import dev.mynah.server.answer.Terms;
import dev.mynah.server.moderation.ModerationsController;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.JsonObject;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Answers requests that nobody waits for, as their endpoints would. */
@Component
public final class OfflineAnswers {
    /** The endpoints whose requests can be answered so. */
    public static final Set<String> ENDPOINTS = Set.of(
            ChatCompletionsController.ENDPOINT,
            CompletionsController.ENDPOINT,
            EmbeddingsController.ENDPOINT,
            ModerationsController.ENDPOINT,
            ResponsesController.ENDPOINT);

    private final Inference inference;
    private final Answers answers;
    private final StoredResponses stored;
    private final StoredChatCompletions completions;
    private final EmbeddingsController embeddings;
    private final ModerationsController moderations;
    private final Transactions transactions;
    private final JsonMapper mapper;
    private final Clock clock;

    OfflineAnswers(
            Inference inference,
            Answers answers,
            StoredResponses stored,
            StoredChatCompletions completions,
            EmbeddingsController embeddings,
            ModerationsController moderations,
            Transactions transactions,
            JsonMapper mapper,
            Clock clock) {
        this.inference = inference;
        this.answers = answers;
        this.stored = stored;
        this.completions = completions;
        this.embeddings = embeddings;
        this.moderations = moderations;
        this.transactions = transactions;
        this.mapper = mapper;
        this.clock = clock;
    }

    /**
     * An answer.
     *
     * @param id of the answer, as the books know it
     */
    public record Answered(String id, JsonNode body) {}

    /**
     * Answers a request, and waits for it. Every exception of the endpoint is thrown.
     *
     * @param keep takes the answer in the transaction that settles it: both happen, or neither. A moderation costs nothing
     */
    public void answer(Caller caller, String endpoint, JsonObject body, Terms terms, Consumer<Answered> keep) {
        if (endpoint.equals(ModerationsController.ENDPOINT)) {
            ModerationsController.Body moderation = moderations.create(caller, body);
            transactions.run(() -> keep.accept(new Answered(moderation.id(), mapper.valueToTree(moderation))));
            return;
        }
        if (endpoint.equals(EmbeddingsController.ENDPOINT)) {
            EmbeddingsController.Pending pending = embeddings.prepare(caller, body, terms);
            try (RunningAnswer answer = answers.start(pending.order().order())) {
                CollectedChoice.await(answer, () -> false, pending.count());
                Answered answered = new Answered(answer.id(), mapper.valueToTree(pending.body(answer)));
                answer.close(() -> keep.accept(answered));
            }
            return;
        }
        Exchange exchange = exchange(caller, endpoint, body);
        if (exchange.streams()) {
            throw ApiException.badRequest("Invalid 'stream': a batch cannot be streamed.", "stream", "invalid_value");
        }
        Inference.Question question = exchange.question(caller);
        int choices = question.prompts().size() * question.choices();
        long created = clock.instant().getEpochSecond();
        try (RunningAnswer answer = answers.start(inference.order(question, terms))) {
            List<CollectedChoice> collected = CollectedChoice.await(answer, () -> false, choices);
            Answered answered = new Answered(
                    answer.id(), mapper.valueToTree(exchange.whole(answer.id(), created, collected, answer.counts())));
            answer.close(() -> keep.accept(answered));
        }
    }

    private Exchange exchange(Caller caller, String endpoint, JsonObject body) {
        return switch (endpoint) {
            case ChatCompletionsController.ENDPOINT ->
                ChatExchange.of(caller, body, inference.sampling(caller), completions, mapper);
            case CompletionsController.ENDPOINT -> {
                CompletionRequest wanted = CompletionRequest.read(body, inference.sampling(caller));
                Stream<String> echoes = wanted.prompts().stream()
                        .map(prompt -> wanted.echo() ? inference.text(caller, wanted.model(), prompt) : "");
                yield new CompletionExchange(wanted, echoes.toList(), mapper);
            }
            case ResponsesController.ENDPOINT -> {
                String user = caller.userId();
                yield new ResponseExchange(
                        ResponseRequest.read(body, inference.sampling(caller), stored, user), stored, user);
            }
            default -> throw new IllegalArgumentException("there is no endpoint " + endpoint);
        };
    }
}
