package dev.mynah.server.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The response of {@code POST /v1/chat/completions}. */
record ChatCompletion(String id, String object, long created, String model, List<Choice> choices, UsageBody usage) {

    record Choice(int index, Message message, @Nullable LogProbsBody logprobs, String finishReason) {}

    record Message(
            String role, @Nullable String content, @Nullable String refusal) {}
}
