package dev.mynah.server.api;

import dev.mynah.server.account.Caller;
import dev.mynah.server.answer.Inference;
import dev.mynah.server.billing.TokenCounts;
import dev.mynah.server.provider.AnswerForm;
import dev.mynah.server.store.Ids;
import dev.mynah.server.web.EventStream;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * A completion.
 *
 * @param echoes what stands before the answers to each prompt, perhaps nothing
 */
record CompletionExchange(CompletionRequest wanted, List<String> echoes, JsonMapper mapper) implements Exchange {

    @Override
    public Inference.Question question(Caller caller) {
        return new Inference.Question(
                Ids.next("cmpl-"),
                caller,
                CompletionsController.ENDPOINT,
                null,
                wanted.model(),
                wanted.prompts(),
                wanted.sampling(),
                AnswerForm.TEXT,
                wanted.choices());
    }

    @Override
    public boolean streams() {
        return wanted.streaming().on();
    }

    @Override
    public Completion whole(String id, long created, List<CollectedChoice> collected, TokenCounts counts) {
        boolean logProbs = wanted.sampling().topLogProbs() >= 0;
        List<Completion.Choice> choices = IntStream.range(0, collected.size())
                .mapToObj(i -> {
                    CollectedChoice choice = collected.get(i);
                    return new Completion.Choice(
                            i,
                            echoes.get(i / wanted.choices()) + choice.text(),
                            logProbs ? Completion.LogProbs.of(choice.scores(), 0) : null,
                            choice.finishReason());
                })
                .toList();
        return new Completion(
                id,
                Completion.OBJECT,
                created,
                wanted.model(),
                choices,
                mapper.valueToTree(UsageBody.of(counts)),
                true);
    }

    @Override
    public Writer writer(String id, long created, EventStream events) {
        return new CompletionStream(id, created, wanted, echoes, events);
    }
}
