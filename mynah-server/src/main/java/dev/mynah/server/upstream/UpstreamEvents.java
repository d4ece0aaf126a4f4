package dev.mynah.server.upstream;

import dev.mynah.engine.FinishReason;
import dev.mynah.engine.Usage;
import dev.mynah.server.provider.GenerationEvent;
import dev.mynah.server.provider.TokenScore;
import dev.mynah.server.store.Ids;
import dev.mynah.text.chat.ToolCall;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes events of the chunks of an upstream's answer. A chunk with text counts as a token until the upstream tells at the end how many there were. */
final class UpstreamEvents {
    private final Consumer<GenerationEvent> sink;
    private final List<Choice> choices;
    private int counted;
    private boolean begun;
    private int promptTokens;
    private int cachedTokens;
    private @Nullable Integer completionTokens;

    /** What of a choice is not told yet. */
    private static final class Choice {
        private final TreeMap<Integer, PartialCall> calls = new TreeMap<>();
        private @Nullable FinishReason end;
    }

    private static final class PartialCall {
        private String id = "";
        private String name = "";
        private final StringBuilder arguments = new StringBuilder();
    }

    UpstreamEvents(int choices, Consumer<GenerationEvent> sink) {
        this.sink = sink;
        this.choices = IntStream.range(0, choices).mapToObj(i -> new Choice()).toList();
    }

    void take(JsonNode chunk) {
        if (chunk.has("error")) {
            throw UpstreamException.unavailable(
                    "error: " + chunk.path("error").path("message").asString(""));
        }
        for (JsonNode choice : chunk.path("choices")) {
            int index = choice.path("index").asInt(0);
            if (index < 0 || index >= choices.size()) {
                throw UpstreamException.unavailable("there is no choice " + index);
            }
            take(index, choice);
        }
        JsonNode usage = chunk.path("usage");
        if (usage.isObject()) {
            promptTokens = Math.max(0, usage.path("prompt_tokens").asInt(0));
            cachedTokens = Math.clamp(
                    usage.path("prompt_tokens_details").path("cached_tokens").asInt(0), 0, promptTokens);
            completionTokens = Math.max(0, usage.path("completion_tokens").asInt(0));
        }
    }

    private void take(int index, JsonNode choice) {
        Choice state = choices.get(index);
        JsonNode delta = choice.path("delta");
        String text = delta.isMissingNode()
                ? choice.path("text").asString("")
                : delta.path("content").asString("");
        if (!text.isEmpty()) {
            counted++;
            begun = true;
            sink.accept(new GenerationEvent.Token(index, text, 1, score(choice)));
        }
        for (JsonNode call : delta.path("tool_calls")) {
            counted++;
            begun = true;
            sink.accept(new GenerationEvent.Token(index, "", 1, null));
            PartialCall partial = state.calls.computeIfAbsent(call.path("index").asInt(0), i -> new PartialCall());
            partial.id += call.path("id").asString("");
            partial.name += call.path("function").path("name").asString("");
            partial.arguments.append(call.path("function").path("arguments").asString(""));
        }
        JsonNode reason = choice.path("finish_reason");
        if (reason.isString() && state.end == null) {
            state.end = UpstreamGeneration.reason(reason.stringValue());
        }
    }

    /** The score of the chunk's only token. */
    private static @Nullable TokenScore score(JsonNode choice) {
        JsonNode tokens = choice.path("logprobs").path("content");
        if (tokens.size() != 1) {
            return null;
        }
        List<TokenScore.Candidate> top = new ArrayList<>();
        tokens.get(0).path("top_logprobs").forEach(other -> top.add(candidate(other)));
        return new TokenScore(candidate(tokens.get(0)), top);
    }

    private static TokenScore.Candidate candidate(JsonNode token) {
        String text = token.path("token").asString("");
        List<Integer> bytes = new ArrayList<>();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(Byte.toUnsignedInt(b));
        }
        return new TokenScore.Candidate(text, bytes, token.path("logprob").asDouble(0));
    }

    /** Whether something of the answer was handed on, so that it cannot be begun anew. */
    boolean begun() {
        return begun;
    }

    /** Whether all choices have ended. */
    boolean complete() {
        return choices.stream().allMatch(choice -> choice.end != null);
    }

    /** What the upstream says the prompt has, or 0. */
    int promptTokens() {
        return promptTokens;
    }

    /** Tells the rest: calls, ends, and what makes the count the upstream's own. */
    void finish() {
        if (completionTokens != null && completionTokens != counted) {
            sink.accept(new GenerationEvent.Token(0, "", completionTokens - counted, null));
        }
        for (int i = 0; i < choices.size(); i++) {
            Choice choice = choices.get(i);
            for (PartialCall call : choice.calls.values()) {
                sink.accept(new GenerationEvent.Call(
                        i,
                        new ToolCall(
                                call.id.isEmpty() ? Ids.next("call_") : call.id,
                                call.name,
                                call.arguments.toString())));
            }
            FinishReason reason = choice.end == null ? FinishReason.STOP : choice.end;
            sink.accept(new GenerationEvent.End(i, "", reason, new Usage(promptTokens, i == 0 ? cachedTokens : 0, 0)));
        }
    }

    void cancel() {
        for (int i = 0; i < choices.size(); i++) {
            sink.accept(new GenerationEvent.End(i, "", FinishReason.CANCELLED, new Usage(0, 0, 0)));
        }
    }
}
