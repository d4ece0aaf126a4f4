package dev.mynah.server.api;

import dev.mynah.server.billing.TokenCounts;
import dev.mynah.server.provider.GenerationEvent;
import dev.mynah.server.web.ErrorBody;
import dev.mynah.server.web.EventStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Sends a completion as it is generated. */
final class CompletionStream implements Exchange.Writer {
    private final String id;
    private final long created;
    private final CompletionRequest wanted;
    private final List<String> echoes;
    private final EventStream events;
    private final int[] offsets;

    CompletionStream(String id, long created, CompletionRequest wanted, List<String> echoes, EventStream events) {
        this.id = id;
        this.created = created;
        this.wanted = wanted;
        this.echoes = echoes;
        this.events = events;
        offsets = new int[wanted.prompts().size() * wanted.choices()];
    }

    @Override
    public void begin() {
        for (int i = 0; i < offsets.length; i++) {
            String echo = echoes.get(i / wanted.choices());
            if (!echo.isEmpty()) {
                choice(i, echo, null, null);
            }
        }
    }

    @Override
    public void show(GenerationEvent event) {
        switch (event) {
            case GenerationEvent.Token token -> text(token);
            case GenerationEvent.Call call -> throw new IllegalStateException("no tools were offered");
            case GenerationEvent.End end ->
                choice(end.choice(), end.text(), null, CollectedChoice.finishReason(end.reason(), false));
            case GenerationEvent.Failure failure -> throw new IllegalStateException("failures are thrown");
        }
    }

    @Override
    public void fail(ErrorBody error) {
        events.data(error);
    }

    @Override
    public void end(TokenCounts counts) {
        if (wanted.streaming().includeUsage()) {
            send(List.of(), events.tree(UsageBody.of(counts)));
        }
        events.text("[DONE]");
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
        events.data(new Completion(id, Completion.OBJECT, created, wanted.model(), choices, usage, true));
    }
}
