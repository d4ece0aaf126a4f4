package dev.mynah.server.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One event of a streamed chat completion.
 *
 * @param usage       where it was asked for: null in all chunks but the last, which has no choices; else absent
 * @param aiGenerated always
 */
record ChatCompletionChunk(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode usage,
        boolean aiGenerated) {

    record Choice(
            int index,
            Delta delta,
            @Nullable LogProbsBody logprobs,
            @Nullable String finishReason) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Delta(
            @Nullable String role,
            @Nullable String content,
            @Nullable List<ToolCallBody> toolCalls) {
        static final Delta BEGIN = new Delta("assistant", "", null);
        static final Delta NOTHING = new Delta(null, null, null);
    }
}
