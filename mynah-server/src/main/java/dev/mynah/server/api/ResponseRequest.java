package dev.mynah.server.api;

import dev.mynah.engine.SamplingOptions;
import dev.mynah.model.SamplingDefaults;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.JsonObject;
import dev.mynah.text.chat.ChatMessage;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of {@code POST /v1/responses}.
 *
 * @param input    the items that are new
 * @param messages the whole conversation
 * @param schema   what the text must be valid by, or null for any text
 * @param settings what a response repeats of its request
 */
record ResponseRequest(
        String model,
        @Nullable String previousId,
        ArrayNode input,
        List<ChatMessage> messages,
        ToolParameters tools,
        @Nullable JsonNode schema,
        SamplingOptions sampling,
        boolean stream,
        boolean store,
        ObjectNode settings) {
    private static final String LOG_PROBS = "message.output_text.logprobs";
    /** What may be included: the log-probabilities, and what exists here anyway. */
    private static final Set<String> INCLUDABLE = Set.of("reasoning.encrypted_content", LOG_PROBS);

    /** @param defaults how a model asks to be sampled, by its name */
    static ResponseRequest read(
            JsonObject body, Function<String, SamplingDefaults> defaults, StoredResponses stored, String userId) {
        String model = body.requiredString("model");
        @Nullable String previous = body.string("previous_response_id").orElse(null);
        @Nullable String instructions = body.string("instructions").orElse(null);
        ArrayNode input = ResponseItems.read(body);
        ToolParameters tools = ToolParameters.read(body, false);
        @Nullable
        JsonNode schema = body.object("text").map(ResponseRequest::schema).orElse(null);
        OptionalInt maxTokens = body.integer("max_output_tokens", 1, Integer.MAX_VALUE);
        SamplingOptions sampling = SamplingParameters.read(body, defaults.apply(model), maxTokens, topLogProbs(body));
        boolean stream = SamplingParameters.Streaming.on(body, false).on();
        boolean store = body.bool("store").orElse(true);
        requireSupported(body);
        ChatCompletionRequest.ignoreWhatChangesNothing(body);
        // There are no tools of the service, whose calls it would count.
        body.integer("max_tool_calls", 1, Integer.MAX_VALUE);
        ObjectNode settings = settings(body, sampling, maxTokens, store);
        body.finish();
        if (store) {
            StoredSize.requireRead(body, "input", input, items(input).messages());
            StoredSize.requireSmall(body, settings);
        }
        ResponseItems items = new ResponseItems();
        items.instruct(instructions);
        if (previous != null) {
            addAll(items, stored.chain(previous, userId).orElseThrow(() -> unknown(previous)));
        }
        items.add(input, "input");
        return new ResponseRequest(
                model, previous, input, items.messages(), tools, schema, sampling, stream, store, settings);
    }

    private static ResponseItems items(ArrayNode input) {
        ResponseItems items = new ResponseItems();
        items.add(input, "input");
        return items;
    }

    private static void addAll(ResponseItems items, Deque<StoredResponses.Turn> chain) {
        for (StoredResponses.Turn earlier : chain) {
            items.add(earlier.input(), "previous_response_id.input");
            items.add(earlier.output(), "previous_response_id.output");
        }
    }

    private static ApiException unknown(String id) {
        return ApiException.badRequest(
                "Previous response with id '" + id + "' not found.",
                "previous_response_id",
                "previous_response_not_found");
    }

    private static @Nullable JsonNode schema(JsonObject text) {
        @Nullable
        JsonNode schema = text.object("format")
                .map(format -> OutputFormat.schema(format, false))
                .orElse(null);
        text.finish();
        return schema;
    }

    private static int topLogProbs(JsonObject body) {
        boolean included = body.strings("include").contains(LOG_PROBS);
        OptionalInt top = body.integer("top_logprobs", 0, ChatCompletionRequest.MAX_TOP_LOG_PROBS);
        if (top.isPresent() && !included) {
            throw body.invalid("top_logprobs", "it is allowed only when 'include' has \"" + LOG_PROBS + "\"");
        }
        return included ? top.orElse(0) : -1;
    }

    private static void requireSupported(JsonObject body) {
        if (body.bool("background").orElse(false)) {
            throw body.invalid("background", "answers in the background are not supported");
        }
        String truncation = body.string("truncation").orElse("disabled");
        if (!truncation.equals("disabled")) {
            throw body.invalid("truncation", "\"" + truncation + "\" is not supported; only \"disabled\" is");
        }
        for (String wanted : body.strings("include")) {
            if (!INCLUDABLE.contains(wanted)) {
                throw body.invalid("include", "\"" + wanted + "\" is not supported");
            }
        }
    }

    private static ObjectNode settings(
            JsonObject body, SamplingOptions sampling, OptionalInt maxTokens, boolean store) {
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        for (String key : List.of(
                "instructions",
                "max_tool_calls",
                "previous_response_id",
                "prompt_cache_key",
                "safety_identifier",
                "user")) {
            settings.set(key, body.value(key).orElse(JsonNodeFactory.instance.nullNode()));
        }
        settings.put("max_output_tokens", maxTokens.isPresent() ? Integer.valueOf(maxTokens.getAsInt()) : null);
        settings.put("parallel_tool_calls", body.bool("parallel_tool_calls").orElse(true));
        settings.putObject("reasoning").putNull("effort").putNull("summary");
        settings.put("store", store);
        settings.put("temperature", sampling.temperature());
        settings.put("top_logprobs", Math.max(0, sampling.topLogProbs()));
        settings.put("top_p", body.number("top_p", 0, 1).orElse(1));
        ObjectNode text = JsonNodeFactory.instance.objectNode();
        text.putObject("format").put("type", "text");
        settings.set(
                "text", body.value("text").filter(given -> given.has("format")).orElse(text));
        settings.set("tool_choice", body.value("tool_choice").orElse(JsonNodeFactory.instance.stringNode("auto")));
        settings.set("tools", body.value("tools").orElse(JsonNodeFactory.instance.arrayNode()));
        settings.put("truncation", "disabled");
        settings.set("metadata", body.value("metadata").orElse(JsonNodeFactory.instance.objectNode()));
        return settings;
    }
}
