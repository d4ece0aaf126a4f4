package dev.mynah.text.chat;

import java.util.Set;

/** How a model writes its calls of tools. */
public enum ToolCallFormat {
    /** {@code <tool_call>{"name": ..., "arguments": {...}}</tool_call>}: Hermes, Qwen, and models trained here. */
    HERMES,
    /** The whole answer is {@code {"name": ..., "parameters": {...}}}, perhaps after {@code <|python_tag|>}: Llama 3. */
    LLAMA,
    /** {@code [TOOL_CALLS] [{"name": ..., "arguments": {...}}, ...]}: Mistral. */
    MISTRAL;

    /** What calls begin with within a text. */
    public String opening() {
        return switch (this) {
            case HERMES -> "<tool_call>";
            case LLAMA -> "<|python_tag|>";
            case MISTRAL -> "[TOOL_CALLS]";
        };
    }

    /** What stands around calls: a parser needs it as text, also where it is a special token that readers are not shown. */
    public Set<String> marks() {
        return this == HERMES ? Set.of(opening(), "</tool_call>") : Set.of(opening());
    }

    /** The format that a chat template speaks of; {@link #HERMES} where it speaks of none. */
    public static ToolCallFormat of(ChatTemplate template) {
        String source = template.source();
        if (source.contains("[TOOL_CALLS]")) {
            return MISTRAL;
        }
        boolean llama = source.contains("<|python_tag|>") || source.contains("<|start_header_id|>");
        return llama && !source.contains("<tool_call>") ? LLAMA : HERMES;
    }
}
