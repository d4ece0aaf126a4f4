package dev.mynah.server.api;

import dev.mynah.engine.SamplingOptions;
import dev.mynah.model.SamplingDefaults;
import dev.mynah.server.api.SamplingParameters.Streaming;
import dev.mynah.server.provider.AnswerForm;
import dev.mynah.server.web.JsonObject;
import dev.mynah.text.chat.ChatMessage;
import dev.mynah.text.chat.ToolDefinition;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The body of {@code POST /v1/chat/completions}.
 *
 * @param begun whether the last message is the answer itself, which goes on where it ends
 * @param tools what the model is told of
 * @param form  what each answer may look like
 * @param store whether it is kept
 */
record ChatCompletionRequest(
        String model,
        List<ChatMessage> messages,
        boolean begun,
        List<ToolDefinition> tools,
        SamplingOptions sampling,
        AnswerForm form,
        int choices,
        Streaming streaming,
        boolean store) {
    static final int MAX_TOP_LOG_PROBS = 20;

    /** @param defaults how a model asks to be sampled, by its name */
    static ChatCompletionRequest read(JsonObject body, Function<String, SamplingDefaults> defaults) {
        String model = body.requiredString("model");
        List<ChatMessage> messages = body.objects("messages").orElseThrow(() -> body.missing("messages")).stream()
                .map(MessageParameters::read)
                .toList();
        if (messages.isEmpty()) {
            throw body.invalid("messages", "there must be at least one message");
        }
        boolean begun = body.bool("continue_final_message").orElse(false);
        if (begun && messages.getLast().role() != ChatMessage.Role.ASSISTANT) {
            throw body.invalid("continue_final_message", "the last message must be the assistant's");
        }
        int choices = SamplingParameters.choices(body);
        ToolParameters tools = ToolParameters.read(body, true);
        @Nullable
        JsonNode schema = body.object("response_format")
                .map(format -> OutputFormat.schema(format, true))
                .orElse(null);
        SamplingOptions sampling =
                SamplingParameters.read(body, defaults.apply(model), maxTokens(body), topLogProbs(body));
        Streaming streaming = Streaming.read(body);
        if (!Set.of("text").containsAll(body.strings("modalities"))) {
            throw body.invalid("modalities", "only \"text\" is supported");
        }
        boolean store = body.bool("store").orElse(false);
        ignoreWhatChangesNothing(body);
        body.finish();
        return new ChatCompletionRequest(
                model, messages, begun, tools.offered(), sampling, tools.form(schema), choices, streaming, store);
    }

    /** Said about the request, and of no consequence for the answer. */
    static void ignoreWhatChangesNothing(JsonObject body) {
        body.string("user");
        body.string("safety_identifier");
        body.string("prompt_cache_key");
        body.string("prompt_cache_retention");
        body.object("prompt_cache_options");
        body.string("service_tier");
        body.bool("store");
        body.metadata();
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
}
