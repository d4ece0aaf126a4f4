package dev.mynah.server.api;

import dev.mynah.server.billing.TokenCounts;
import dev.mynah.server.provider.GenerationEvent;
import dev.mynah.server.provider.TokenScore;
import dev.mynah.server.web.ErrorBody;
import dev.mynah.server.web.EventStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Sends a chat completion as it is generated. */
final class ChatCompletionStream implements Exchange.Writer {
    private final String id;
    private final long created;
    private final ChatCompletionRequest chat;
    private final EventStream events;
    /** How many tools each choice has called. */
    private final int[] calls;

    ChatCompletionStream(String id, long created, ChatCompletionRequest chat, EventStream events) {
        this.id = id;
        this.created = created;
        this.chat = chat;
        this.events = events;
        calls = new int[chat.choices()];
    }

    @Override
    public void begin() {
        for (int i = 0; i < chat.choices(); i++) {
            choice(i, ChatCompletionChunk.Delta.BEGIN, null, null);
        }
    }

    @Override
    public void show(GenerationEvent event) {
        switch (event) {
            case GenerationEvent.Token token -> text(token.choice(), token.text(), token.score());
            case GenerationEvent.Call call -> {
                for (ToolCallBody piece : ToolCallBody.pieces(calls[call.choice()]++, call.call())) {
                    choice(call.choice(), new ChatCompletionChunk.Delta(null, null, List.of(piece)), null, null);
                }
            }
            case GenerationEvent.End end -> {
                text(end.choice(), end.text(), null);
                String reason = CollectedChoice.finishReason(end.reason(), calls[end.choice()] > 0);
                choice(end.choice(), ChatCompletionChunk.Delta.NOTHING, null, reason);
            }
            case GenerationEvent.Failure failure -> throw new IllegalStateException("failures are thrown");
        }
    }

    @Override
    public void fail(ErrorBody error) {
        events.data(error);
    }

    @Override
    public void end(TokenCounts counts) {
        if (chat.streaming().includeUsage()) {
            chunk(List.of(), events.tree(UsageBody.of(counts)));
        }
        events.text("[DONE]");
    }

    private void text(int index, String text, @Nullable TokenScore score) {
        if (!text.isEmpty() || score != null) {
            LogProbsBody logProbs = score == null ? null : LogProbsBody.of(List.of(score));
            choice(index, new ChatCompletionChunk.Delta(null, text, null), logProbs, null);
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
        events.data(new ChatCompletionChunk(id, "chat.completion.chunk", created, chat.model(), choices, usage, true));
    }
}
