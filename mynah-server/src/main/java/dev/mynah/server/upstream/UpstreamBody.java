package dev.mynah.server.upstream;

import dev.mynah.engine.SamplingOptions;
import dev.mynah.server.provider.AnswerForm;
import dev.mynah.server.provider.ModelRequest;
import dev.mynah.server.provider.Prompt;
import dev.mynah.text.chat.ChatMessage;
import dev.mynah.text.chat.ToolCall;
import dev.mynah.text.chat.ToolDefinition;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A request as the OpenAI API writes it. What has its usual value is left out, since not every upstream knows everything. */
final class UpstreamBody {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private UpstreamBody() {}

    /** Where requests with such a prompt go. */
    static String path(Prompt prompt) {
        return prompt instanceof Prompt.Chat ? "/chat/completions" : "/completions";
    }

    /** @param model the model's name there */
    static ObjectNode of(ModelRequest request, String model) {
        ObjectNode body = JSON.objectNode().put("model", model);
        switch (request.prompt()) {
            case Prompt.Chat chat -> {
                ArrayNode messages = body.putArray("messages");
                chat.messages().forEach(message -> messages.add(message(message)));
                tools(body, chat.tools(), request.form());
            }
            case Prompt.Text text -> body.put("prompt", text.text());
            case Prompt.Gap gap -> body.put("prompt", gap.before()).put("suffix", gap.after());
            case Prompt.Tokens tokens -> tokens.ids().forEach(body.withArray("prompt")::add);
        }
        body.put("stream", true).putObject("stream_options").put("include_usage", true);
        body.put("n", request.choices());
        sampling(body, request);
        format(body, request.form());
        return body;
    }

    private static void sampling(ObjectNode body, ModelRequest request) {
        SamplingOptions sampling = request.sampling();
        body.put("max_tokens", sampling.maxTokens());
        body.put("temperature", sampling.temperature()).put("top_p", sampling.topP());
        body.put("seed", sampling.seed() & Integer.MAX_VALUE);
        if (!sampling.stop().isEmpty()) {
            ArrayNode stop = body.putArray("stop");
            sampling.stop().forEach(stop::add);
        }
        putUnless(body, "frequency_penalty", sampling.frequencyPenalty(), 0);
        putUnless(body, "presence_penalty", sampling.presencePenalty(), 0);
        putUnless(body, "repetition_penalty", sampling.repetitionPenalty(), 1);
        putUnless(body, "min_p", sampling.minP(), 0);
        if (sampling.topK() != 0) {
            body.put("top_k", sampling.topK());
        }
        if (!sampling.logitBias().isEmpty()) {
            ObjectNode bias = body.putObject("logit_bias");
            sampling.logitBias().forEach((token, value) -> bias.put(String.valueOf(token), value));
        }
        if (sampling.topLogProbs() >= 0 && request.prompt() instanceof Prompt.Chat) {
            body.put("logprobs", true).put("top_logprobs", sampling.topLogProbs());
        }
    }

    private static void putUnless(ObjectNode body, String key, double value, double usual) {
        if (value != usual) {
            body.put(key, value);
        }
    }

    private static void format(ObjectNode body, AnswerForm form) {
        JsonNode schema = form.schema();
        if (schema == null) {
            return;
        }
        ObjectNode format = body.putObject("response_format");
        if (schema.equals(AnswerForm.ANY_OBJECT)) {
            format.put("type", "json_object");
        } else {
            format.put("type", "json_schema");
            format.putObject("json_schema")
                    .put("name", "answer")
                    .put("strict", true)
                    .set("schema", schema);
        }
    }

    private static void tools(ObjectNode body, List<ToolDefinition> tools, AnswerForm form) {
        if (tools.isEmpty()) {
            return;
        }
        ArrayNode array = body.putArray("tools");
        for (ToolDefinition tool : tools) {
            ObjectNode function = array.addObject().put("type", "function").putObject("function");
            function.put("name", tool.name());
            if (tool.description() != null) {
                function.put("description", tool.description());
            }
            if (tool.parameters() != null) {
                function.set("parameters", tool.parameters());
            }
            if (tool.strict()) {
                function.put("strict", true);
            }
        }
        if (!form.parallel()) {
            body.put("parallel_tool_calls", false);
        }
        if (form.mustCall() && form.tools().size() < tools.size()) {
            ObjectNode choice = body.putObject("tool_choice").put("type", "function");
            choice.putObject("function").put("name", form.tools().getFirst().name());
        } else if (form.mustCall()) {
            body.put("tool_choice", "required");
        }
    }

    private static ObjectNode message(ChatMessage message) {
        ObjectNode node = JSON.objectNode().put("role", message.role().id()).put("content", message.content());
        if (message.name() != null) {
            node.put("name", message.name());
        }
        if (message.toolCallId() != null) {
            node.put("tool_call_id", message.toolCallId());
        }
        for (ToolCall call : message.toolCalls()) {
            ObjectNode function = node.withArray("tool_calls")
                    .addObject()
                    .put("id", call.id())
                    .put("type", "function")
                    .putObject("function");
            function.put("name", call.name()).put("arguments", call.arguments());
        }
        return node;
    }
}
