package dev.mynah.server.api;

import dev.mynah.server.answer.GenerationFailedException;
import dev.mynah.server.answer.RunningAnswer;
import dev.mynah.server.provider.GenerationEvent;
import dev.mynah.server.provider.TokenScore;
import dev.mynah.server.web.ClientConnection;
import dev.mynah.server.web.ErrorBody;
import dev.mynah.server.web.EventStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Sends a chat completion as it is generated. */
final class ChatCompletionStream {
    private final RunningAnswer answer;
    private final ChatCompletionRequest chat;
    private final long created;
    private final EventStream events;

    ChatCompletionStream(RunningAnswer answer, ChatCompletionRequest chat, long created, EventStream events) {
        this.answer = answer;
        this.chat = chat;
        this.created = created;
        this.events = events;
    }

    void run(ClientConnection client) {
        int choices = chat.choices();
        for (int i = 0; i < choices; i++) {
            choice(i, new ChatCompletionChunk.Delta("assistant", ""), null, null);
        }
        try {
            new Delivery(answer, client, choices).run(this::show, () -> {});
        } catch (GenerationFailedException e) {
            events.data(ErrorBody.internal());
            return;
        }
        // What is reported is what is charged, so it is settled first.
        answer.close();
        if (chat.streaming().includeUsage()) {
            chunk(List.of(), events.tree(UsageBody.of(answer.counts())));
        }
        events.text("[DONE]");
    }

    private void show(GenerationEvent event) {
        switch (event) {
            case GenerationEvent.Token token -> text(token.choice(), token.text(), token.score());
            case GenerationEvent.End end -> {
                text(end.choice(), end.text(), null);
                String reason = CollectedChoice.finishReason(end.reason());
                choice(end.choice(), new ChatCompletionChunk.Delta(null, null), null, reason);
            }
            case GenerationEvent.Failure failure -> throw new IllegalStateException("failures are thrown");
        }
        answer.delivered(event);
    }

    private void text(int index, String text, @Nullable TokenScore score) {
        if (!text.isEmpty() || score != null) {
            LogProbsBody logProbs = score == null ? null : LogProbsBody.of(List.of(score));
            choice(index, new ChatCompletionChunk.Delta(null, text), logProbs, null);
        }
    }

    private void choice(
            int index,
            ChatCompletionChunk.Delta delta,
            @Nullable LogProbsBody logProbs,
            @Nullable String finishReason) {
        JsonNode usage = chat.streaming().includeUsage() ? JsonNodeFactory.instance.nullNode() : null;
        chunk(List.of(new ChatCompletionChunk.Choice(index, delta, logProbs, finishReason)), usage);
    }

    private void chunk(List<ChatCompletionChunk.Choice> choices, @Nullable JsonNode usage) {
        events.data(
                new ChatCompletionChunk(answer.id(), "chat.completion.chunk", created, chat.model(), choices, usage));
    }
}
