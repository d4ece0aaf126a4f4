package dev.mynah.server.provider;

import dev.mynah.text.chat.ToolDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an answer may look like.
 *
 * @param schema   the JSON Schema that its text is valid by, or null for any text
 * @param tools    what it may call
 * @param mustCall whether it has to call one of them
 * @param parallel whether it may call more than one
 */
public record AnswerForm(@Nullable JsonNode schema, List<ToolDefinition> tools, boolean mustCall, boolean parallel) {
    /** Any text. */
    public static final AnswerForm TEXT = new AnswerForm(null, List.of(), false, true);

    /** The schema of any JSON object. */
    public static final JsonNode ANY_OBJECT =
            JsonMapper.shared().readTree("{\"type\": \"object\", \"additionalProperties\": true}");

    public AnswerForm {
        tools = List.copyOf(tools);
        if (mustCall && tools.isEmpty()) {
            throw new IllegalArgumentException("there is no tool that could be called");
        }
    }
}
