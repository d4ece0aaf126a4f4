package dev.mynah.server.api;

import dev.mynah.engine.SamplingOptions;
import dev.mynah.server.api.SamplingParameters.Streaming;
import dev.mynah.server.web.JsonObject;
import dev.mynah.text.chat.ChatMessage;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** The body of {@code POST /v1/chat/completions}. */
record ChatCompletionRequest(
        String model, List<ChatMessage> messages, SamplingOptions sampling, int choices, Streaming streaming) {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool");
    private static final int MAX_TOP_LOG_PROBS = 20;

    static ChatCompletionRequest read(JsonObject body) {
        String model = body.requiredString("model");
        List<ChatMessage> messages = body.objects("messages").orElseThrow(() -> body.missing("messages")).stream()
                .map(ChatCompletionRequest::message)
                .toList();
        if (messages.isEmpty()) {
            throw body.invalid("messages", "there must be at least one message");
        }
        int choices = SamplingParameters.choices(body);
        SamplingOptions sampling = SamplingParameters.read(body, maxTokens(body), topLogProbs(body));
        Streaming streaming = Streaming.read(body);
        // Said about the request, and of no consequence for the answer.
        body.ignore("user", "safety_identifier", "prompt_cache_key", "metadata", "store", "service_tier");
        body.finish();
        return new ChatCompletionRequest(model, messages, sampling, choices, streaming);
    }

    private static OptionalInt maxTokens(JsonObject body) {
        OptionalInt old = body.integer("max_tokens", 1, Integer.MAX_VALUE);
        OptionalInt current = body.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
        if (old.isPresent() && current.isPresent()) {
            throw body.invalid("max_tokens", "it must not be set together with 'max_completion_tokens'");
        }
        return current.isPresent() ? current : old;
    }

    private static int topLogProbs(JsonObject body) {
        boolean on = body.bool("logprobs").orElse(false);
        OptionalInt top = body.integer("top_logprobs", 0, MAX_TOP_LOG_PROBS);
        if (top.isPresent() && !on) {
            throw body.invalid("top_logprobs", "it is allowed only when 'logprobs' is true");
        }
        return on ? top.orElse(0) : -1;
    }

    private static ChatMessage message(JsonObject message) {
        String role = message.requiredString("role");
        if (!ROLES.contains(role)) {
            throw message.invalid("role", "\"" + role + "\" is none of system, developer, user, assistant and tool");
        }
        String content = content(message);
        message.ignore("name", "refusal");
        message.finish();
        return ChatMessage.of(ChatMessage.Role.of(role), content);
    }

    /** A string, or parts of text that are put together. */
    private static String content(JsonObject message) {
        if (message.value("content")
                .orElseThrow(() -> message.missing("content"))
                .isString()) {
            return message.requiredString("content");
        }
        return message.objects("content").orElseThrow().stream()
                .map(ChatCompletionRequest::part)
                .collect(Collectors.joining());
    }

    private static String part(JsonObject part) {
        String type = part.requiredString("type");
        if (!type.equals("text")) {
            throw part.invalid("type", "\"" + type + "\" is not supported; only \"text\" is");
        }
        String text = part.requiredString("text");
        part.finish();
        return text;
    }
}
