package dev.mynah.server.api;

import dev.mynah.engine.FinishReason;
import dev.mynah.server.provider.GenerationEvent;
import dev.mynah.server.provider.TokenScore;
import dev.mynah.server.store.Ids;
import dev.mynah.text.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Puts the output items of a response together as it is generated, and tells of each step as the API's stream does. */
final class ResponseOutput {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ArrayNode items = JSON.arrayNode();
    private final BiConsumer<String, ObjectNode> sink;
    private final StringBuilder text = new StringBuilder();
    private final List<TokenScore> scores = new ArrayList<>();
    /** The message that is being written, if any: the last item. */
    private @Nullable ObjectNode message;

    private FinishReason reason = FinishReason.STOP;

    /** @param sink takes an event's name and what belongs to it */
    ResponseOutput(BiConsumer<String, ObjectNode> sink) {
        this.sink = sink;
    }

    void show(GenerationEvent event) {
        switch (event) {
            case GenerationEvent.Token token -> write(token.text(), token.score());
            case GenerationEvent.Call call -> {
                endMessage("completed");
                call(call.call());
            }
            case GenerationEvent.End end -> {
                write(end.text(), null);
                reason = end.reason();
                if (items.isEmpty()) {
                    beginMessage();
                }
                endMessage(incompleteReason() == null ? "completed" : "incomplete");
            }
            case GenerationEvent.Failure failure -> throw new IllegalStateException("failures are thrown");
        }
    }

    private void write(String piece, @Nullable TokenScore score) {
        // Blanks between calls are no message; a score without a text belongs to the message that is being written.
        if (message == null && (piece.isEmpty() || (!items.isEmpty() && piece.isBlank()))) {
            return;
        }
        if (piece.isEmpty() && score == null) {
            return;
        }
        ObjectNode writing = message == null ? beginMessage() : message;
        text.append(piece);
        List<TokenScore> own = score == null ? List.of() : List.of(score);
        scores.addAll(own);
        ObjectNode delta = place(writing).put("content_index", 0).put("delta", piece);
        delta.set("logprobs", logProbs(own, false));
        sink.accept("response.output_text.delta", delta);
    }

    /** @param bytes whether tokens are told as bytes too, as they are in what stays */
    private static ArrayNode logProbs(List<TokenScore> scores, boolean bytes) {
        ArrayNode all = JSON.arrayNode();
        for (TokenScore score : scores) {
            ObjectNode entry = candidate(score.token(), bytes);
            ArrayNode top = entry.putArray("top_logprobs");
            score.top().forEach(other -> top.add(candidate(other, bytes)));
            all.add(entry);
        }
        return all;
    }

    private static ObjectNode candidate(TokenScore.Candidate candidate, boolean bytes) {
        ObjectNode node = JSON.objectNode().put("token", candidate.text()).put("logprob", candidate.logProb());
        if (bytes) {
            ArrayNode all = node.putArray("bytes");
            candidate.bytes().forEach(all::add);
        }
        return node;
    }

    private ObjectNode beginMessage() {
        ObjectNode begun = JSON.objectNode();
        begun.put("id", Ids.next("msg_")).put("type", "message").put("status", "in_progress");
        begun.put("role", "assistant").putArray("content");
        items.add(begun);
        message = begun;
        text.setLength(0);
        scores.clear();
        added(begun);
        sink.accept(
                "response.content_part.added",
                place(begun).put("content_index", 0).set("part", part("", List.of())));
        return begun;
    }

    private void endMessage(String status) {
        if (message == null) {
            return;
        }
        ObjectNode ended = message;
        message = null;
        ObjectNode done = place(ended).put("content_index", 0).put("text", text.toString());
        done.set("logprobs", logProbs(scores, false));
        sink.accept("response.output_text.done", done);
        sink.accept(
                "response.content_part.done",
                place(ended).put("content_index", 0).set("part", part(text.toString(), scores)));
        ended.put("status", status);
        ended.withArray("content").add(part(text.toString(), scores));
        done(ended);
    }

    private void call(ToolCall call) {
        ObjectNode item = JSON.objectNode();
        item.put("id", Ids.next("fc_")).put("type", "function_call").put("status", "in_progress");
        item.put("call_id", call.id()).put("name", call.name()).put("arguments", "");
        items.add(item);
        added(item);
        sink.accept("response.function_call_arguments.delta", place(item).put("delta", call.arguments()));
        sink.accept(
                "response.function_call_arguments.done",
                place(item).put("name", call.name()).put("arguments", call.arguments()));
        item.put("arguments", call.arguments()).put("status", "completed");
        done(item);
    }

    private static ObjectNode part(String text, List<TokenScore> scores) {
        ObjectNode part = JSON.objectNode().put("type", "output_text").put("text", text);
        part.putArray("annotations");
        part.set("logprobs", logProbs(scores, true));
        return part;
    }

    private void added(ObjectNode item) {
        sink.accept("response.output_item.added", atIndex(item));
    }

    private void done(ObjectNode item) {
        sink.accept("response.output_item.done", atIndex(item));
    }

    private ObjectNode atIndex(ObjectNode item) {
        ObjectNode event = JSON.objectNode().put("output_index", items.size() - 1);
        event.set("item", item.deepCopy());
        return event;
    }

    /** What the events within an item, the last, begin with. */
    private ObjectNode place(ObjectNode item) {
        return JSON.objectNode().put("item_id", item.get("id").stringValue()).put("output_index", items.size() - 1);
    }

    ArrayNode items() {
        return items;
    }

    /** Why the answer is not what the model would have made of it, by the API's names; null where it ended itself. */
    @Nullable
    String incompleteReason() {
        return switch (reason) {
            case LENGTH -> "max_output_tokens";
            case CONTENT_FILTER -> "content_filter";
            case STOP, CANCELLED, DEADLINE -> null;
        };
    }
}
