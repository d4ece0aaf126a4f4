package dev.mynah.text.chat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A function that the assistant may call.
 *
 * @param description what it does, or null
 * @param parameters JSON Schema of its arguments, or null where it takes none
 * @param strict whether every call's arguments have to be valid by the schema, also where nothing has to be called
 */
public record ToolDefinition(
        String name, @Nullable String description, @Nullable JsonNode parameters, boolean strict) {

    /** A function whose calls are as good as the model where none has to be called. */
    public ToolDefinition(String name, @Nullable String description, @Nullable JsonNode parameters) {
        this(name, description, parameters, false);
    }

    /** As templates expect it. */
    Map<String, Object> toMap() {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", name);
        if (description != null) {
            function.put("description", description);
        }
        if (parameters != null) {
            function.put("parameters", JsonValues.of(parameters));
        }
        Map<String, Object> tool = new LinkedHashMap<>();
        tool.put("type", "function");
        tool.put("function", function);
        return tool;
    }
}
