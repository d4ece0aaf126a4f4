package dev.mynah.server.api;

import dev.mynah.server.answer.GenerationFailedException;
import dev.mynah.server.answer.RunningAnswer;
import dev.mynah.server.provider.GenerationEvent;
import dev.mynah.server.web.ClientConnection;
import dev.mynah.server.web.ErrorBody;
import dev.mynah.server.web.EventStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Sends a completion as it is generated. */
final class CompletionStream {
    private final RunningAnswer answer;
    private final CompletionRequest wanted;
    private final List<String> echoes;
    private final long created;
    private final EventStream events;
    private final int[] offsets;

    CompletionStream(
            RunningAnswer answer, CompletionRequest wanted, List<String> echoes, long created, EventStream events) {
        this.answer = answer;
        this.wanted = wanted;
        this.echoes = echoes;
        this.created = created;
        this.events = events;
        offsets = new int[wanted.prompts().size() * wanted.choices()];
    }

    void run(ClientConnection client) {
        for (int i = 0; i < offsets.length; i++) {
            String echo = echoes.get(i / wanted.choices());
            if (!echo.isEmpty()) {
                choice(i, echo, null, null);
            }
        }
        try {
            new Delivery(answer, client, offsets.length).run(this::show, () -> {});
        } catch (GenerationFailedException e) {
            events.data(ErrorBody.internal());
            return;
        }
        // What is reported is what is charged, so it is settled first.
        answer.close();
        if (wanted.streaming().includeUsage()) {
            send(List.of(), events.tree(UsageBody.of(answer.counts())));
        }
        events.text("[DONE]");
    }

    private void show(GenerationEvent event) {
        switch (event) {
            case GenerationEvent.Token token -> text(token);
            case GenerationEvent.End end ->
                choice(end.choice(), end.text(), null, CollectedChoice.finishReason(end.reason()));
            case GenerationEvent.Failure failure -> throw new IllegalStateException("failures are thrown");
        }
        answer.delivered(event);
    }

    private void text(GenerationEvent.Token token) {
        if (token.score() != null) {
            int offset = offsets[token.choice()];
            offsets[token.choice()] += token.score().token().text().length();
            choice(token.choice(), token.text(), Completion.LogProbs.of(List.of(token.score()), offset), null);
        } else if (!token.text().isEmpty()) {
            choice(token.choice(), token.text(), null, null);
        }
    }

    private void choice(int index, String text, Completion.@Nullable LogProbs logProbs, @Nullable String finishReason) {
        JsonNode usage = wanted.streaming().includeUsage() ? JsonNodeFactory.instance.nullNode() : null;
        send(List.of(new Completion.Choice(index, text, logProbs, finishReason)), usage);
    }

    private void send(List<Completion.Choice> choices, @Nullable JsonNode usage) {
        events.data(new Completion(answer.id(), Completion.OBJECT, created, wanted.model(), choices, usage));
    }
}
