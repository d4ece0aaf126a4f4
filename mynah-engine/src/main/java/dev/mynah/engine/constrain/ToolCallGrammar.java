package dev.mynah.engine.constrain;

import dev.mynah.text.chat.ToolCallFormat;
import dev.mynah.text.chat.ToolDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** Calls of tools as patterns. */
final class ToolCallGrammar {
    private ToolCallGrammar() {}

    /** Adds the rules that calls need to {@code rules}, and gives their pattern. */
    static Pattern calls(
            ToolCallFormat format, List<ToolDefinition> tools, boolean several, Map<String, Pattern> rules) {
        List<Pattern> options = new ArrayList<>();
        for (ToolDefinition tool : tools) {
            options.add(call(tool, format == ToolCallFormat.LLAMA ? "parameters" : "arguments", rules));
        }
        Pattern call = new Pattern.Choice(options);
        return switch (format) {
            case HERMES ->
                list(
                        Pattern.sequence(Pattern.literal("<tool_call>\n"), call, Pattern.literal("\n</tool_call>")),
                        "\n",
                        several);
            case LLAMA -> call;
            case MISTRAL ->
                Pattern.sequence(Pattern.literal("[TOOL_CALLS] ["), list(call, ", ", several), Pattern.literal("]"));
        };
    }

    private static Pattern list(Pattern item, String separator, boolean several) {
        Pattern more = Pattern.sequence(Pattern.literal(separator), item);
        return several ? Pattern.sequence(item, Pattern.any(more)) : item;
    }

    private static Pattern call(ToolDefinition tool, String argumentsKey, Map<String, Pattern> rules) {
        JsonNode schema = tool.parameters();
        Pattern arguments =
                schema == null ? Pattern.literal("{}") : SchemaCompiler.compile(schema, "tool " + tool.name(), rules);
        String begin = "{\"name\": " + StringNode.valueOf(tool.name()) + ", \"" + argumentsKey + "\": ";
        return Pattern.sequence(Pattern.literal(begin), arguments, Pattern.literal("}"));
    }
}
