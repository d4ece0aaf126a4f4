package dev.mynah.server.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The response of {@code POST /v1/chat/completions}.
 *
 * @param aiGenerated always
 */
record ChatCompletion(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,
        UsageBody usage,
        boolean aiGenerated) {

    record Choice(int index, Message message, @Nullable LogProbsBody logprobs, String finishReason) {}

    /**
     * What the assistant says.
     *
     * @param content   null where it only calls tools
     * @param toolCalls absent where it calls none
     */
    record Message(
            String role,
            @Nullable String content,
            @Nullable String refusal,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            List<ToolCallBody> toolCalls) {

        static Message of(CollectedChoice choice) {
            if (choice.calls().isEmpty()) {
                return new Message("assistant", choice.text(), null, null);
            }
            String content = choice.text().isBlank() ? null : choice.text();
            List<ToolCallBody> calls =
                    choice.calls().stream().map(ToolCallBody::of).toList();
            return new Message("assistant", content, null, calls);
        }
    }
}
