package dev.mynah.server.api;

import dev.mynah.server.provider.AnswerForm;
import dev.mynah.server.web.JsonObject;
import dev.mynah.text.chat.ToolDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The tools of a request.
 *
 * @param offered  what the model is told of
 * @param callable what it may call
 * @param mustCall whether it has to call one
 * @param parallel whether it may call more than one
 */
record ToolParameters(List<ToolDefinition> offered, List<ToolDefinition> callable, boolean mustCall, boolean parallel) {
    private static final String ALLOWED = "allowed_tools";
    private static final int MAX_TOOLS = 128;

    /**
     * Reads {@code tools}, {@code tool_choice} and {@code parallel_tool_calls}.
     *
     * @param nested whether what belongs to a function stands in an object of its own, as in chat completions, unlike in responses
     */
    static ToolParameters read(JsonObject body, boolean nested) {
        List<ToolDefinition> tools = tools(body, nested);
        boolean parallel = body.bool("parallel_tool_calls").orElse(true);
        Optional<JsonNode> choice = body.value("tool_choice");
        if (choice.isEmpty()) {
            return new ToolParameters(tools, tools, false, parallel);
        }
        if (choice.get().isString()) {
            return switch (choice.get().stringValue()) {
                case "none" -> new ToolParameters(List.of(), List.of(), false, parallel);
                case "auto" -> new ToolParameters(tools, tools, false, parallel);
                case "required" -> {
                    requireTools(body, tools);
                    yield new ToolParameters(tools, tools, true, parallel);
                }
                default ->
                    throw body.invalid("tool_choice", choice.get() + " is none of none, auto, required and a function");
            };
        }
        JsonObject named = body.object("tool_choice").orElseThrow();
        if (named.requiredString("type").equals(ALLOWED)) {
            return allowed(body, named, tools, nested, parallel);
        }
        requireFunction(named);
        JsonObject function = function(named, nested);
        String name = function.requiredString("name");
        function.finish();
        named.finish();
        return new ToolParameters(tools, List.of(find(body, tools, name)), true, parallel);
    }

    /** Some of the tools, of which one may be called, or has to be. */
    private static ToolParameters allowed(
            JsonObject body, JsonObject choice, List<ToolDefinition> tools, boolean nested, boolean parallel) {
        JsonObject allowed = nested ? choice.object(ALLOWED).orElseThrow(() -> choice.missing(ALLOWED)) : choice;
        String mode = allowed.requiredString("mode");
        if (!mode.equals("auto") && !mode.equals("required")) {
            throw allowed.invalid("mode", "\"" + mode + "\" is none of auto and required");
        }
        List<ToolDefinition> chosen = new ArrayList<>();
        for (JsonObject tool : allowed.objects("tools").orElseThrow(() -> allowed.missing("tools"))) {
            requireFunction(tool);
            JsonObject function = function(tool, nested);
            chosen.add(find(body, tools, function.requiredString("name")));
            function.finish();
            tool.finish();
        }
        requireTools(body, chosen);
        allowed.finish();
        choice.finish();
        return new ToolParameters(tools, chosen, mode.equals("required"), parallel);
    }

    private static ToolDefinition find(JsonObject body, List<ToolDefinition> tools, String name) {
        return tools.stream()
                .filter(tool -> tool.name().equals(name))
                .findFirst()
                .orElseThrow(() -> body.invalid("tool_choice", "there is no function \"" + name + "\" in 'tools'"));
    }

    /** What answers may look like that may use these tools. */
    AnswerForm form(@Nullable JsonNode schema) {
        return new AnswerForm(schema, callable, mustCall, parallel);
    }

    private static void requireTools(JsonObject body, List<ToolDefinition> tools) {
        if (tools.isEmpty()) {
            throw body.invalid("tool_choice", "it is allowed only when there are 'tools'");
        }
    }

    private static List<ToolDefinition> tools(JsonObject body, boolean nested) {
        List<JsonObject> given = body.objects("tools").orElse(List.of());
        if (given.size() > MAX_TOOLS) {
            throw body.invalid("tools", "at most " + MAX_TOOLS + " are allowed, not " + given.size());
        }
        List<ToolDefinition> tools = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonObject tool : given) {
            requireFunction(tool);
            JsonObject function = function(tool, nested);
            ToolDefinition definition = definition(function);
            function.finish();
            tool.finish();
            if (!names.add(definition.name())) {
                throw body.invalid("tools", "two are named \"" + definition.name() + "\"");
            }
            tools.add(definition);
        }
        return tools;
    }

    private static void requireFunction(JsonObject tool) {
        String type = tool.requiredString("type");
        if (!type.equals("function")) {
            throw tool.invalid("type", "\"" + type + "\" is not supported; only \"function\" is");
        }
    }

    private static JsonObject function(JsonObject tool, boolean nested) {
        return nested ? tool.object("function").orElseThrow(() -> tool.missing("function")) : tool;
    }

    private static ToolDefinition definition(JsonObject function) {
        String name = function.requiredString("name");
        if (!name.matches("[a-zA-Z0-9_-]{1,64}")) {
            throw function.invalid("name", "it must have 1 to 64 letters, digits, underscores and hyphens");
        }
        JsonNode parameters = function.value("parameters")
                .filter(schema -> !schema.isObject() || !schema.isEmpty())
                .orElse(null);
        if (parameters != null
                && !(parameters.isObject()
                        && parameters.path("type").asString("").equals("object"))) {
            throw function.invalid("parameters", "it must be a JSON Schema of the type \"object\"");
        }
        // Calls that must come are valid by the schema in any case.
        boolean strict = function.bool("strict").orElse(false);
        return new ToolDefinition(name, function.string("description").orElse(null), parameters, strict);
    }
}
