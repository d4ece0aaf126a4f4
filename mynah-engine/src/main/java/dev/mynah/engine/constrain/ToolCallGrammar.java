package dev.mynah.engine.constrain;

import dev.mynah.text.chat.ToolCallFormat;
import dev.mynah.text.chat.ToolDefinition;
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
        Pattern call = new Pattern.Choice(tools.stream()
                .map(tool -> call(format, tool, valid(tool, rules)))
                .toList());
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

    /** What follows the mark that begins calls within a text: arguments of tools that are not strict may be any JSON object. */
    static Pattern begun(ToolCallFormat format, List<ToolDefinition> tools, Map<String, Pattern> rules) {
        Pattern call = new Pattern.Choice(tools.stream()
                .map(tool -> call(
                        format, tool, tool.strict() ? valid(tool, rules) : new Pattern.Reference(JsonGrammar.OBJECT)))
                .toList());
        Pattern line = Pattern.optional(Pattern.literal("\n"));
        return switch (format) {
            case HERMES -> Pattern.sequence(line, call, line, Pattern.literal("</tool_call>"));
            case LLAMA -> call;
            case MISTRAL ->
                Pattern.sequence(
                        Pattern.optional(Pattern.literal(" ")),
                        Pattern.literal("["),
                        list(call, ", ", true),
                        Pattern.literal("]"));
        };
    }

    /** What follows {@link #beginning} of a call of {@code tool}. */
    static Pattern rest(ToolDefinition tool, Map<String, Pattern> rules) {
        return Pattern.sequence(valid(tool, rules), Pattern.literal("}"));
    }

    /** A call of {@code tool} up to its arguments. */
    static String beginning(ToolCallFormat format, ToolDefinition tool) {
        String arguments = format == ToolCallFormat.LLAMA ? "parameters" : "arguments";
        return "{\"name\": " + StringNode.valueOf(tool.name()) + ", \"" + arguments + "\": ";
    }

    private static Pattern list(Pattern item, String separator, boolean several) {
        Pattern more = Pattern.sequence(Pattern.literal(separator), item);
        return several ? Pattern.sequence(item, Pattern.any(more)) : item;
    }

    private static Pattern call(ToolCallFormat format, ToolDefinition tool, Pattern arguments) {
        return Pattern.sequence(Pattern.literal(beginning(format, tool)), arguments, Pattern.literal("}"));
    }

    /** Arguments by the tool's schema. */
    private static Pattern valid(ToolDefinition tool, Map<String, Pattern> rules) {
        JsonNode schema = tool.parameters();
        return schema == null ? Pattern.literal("{}") : SchemaCompiler.compile(schema, "tool " + tool.name(), rules);
    }
}
