package dev.mynah.server.api;

import dev.mynah.server.provider.AnswerForm;
import dev.mynah.server.web.JsonObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which texts a request allows: any, JSON objects, or what is valid by a JSON Schema. */
final class OutputFormat {
    private OutputFormat() {}

    /**
     * Reads an object with a {@code type}. Answers are held to a schema whether or not it is called strict.
     *
     * @param nested whether the schema stands in an object of its own, as in chat completions, unlike in responses
     * @return the schema that texts must be valid by, or null for any text
     */
    static @Nullable JsonNode schema(JsonObject format, boolean nested) {
        String type = format.requiredString("type");
        JsonNode schema = switch (type) {
            case "text" -> null;
            case "json_object" -> AnswerForm.ANY_OBJECT;
            case "json_schema" -> {
                JsonObject named =
                        nested ? format.object(type).orElseThrow(() -> format.missing("json_schema")) : format;
                JsonNode found = named(named);
                named.finish();
                yield found;
            }
            default -> throw format.invalid("type", "\"" + type + "\" is none of text, json_object and json_schema");
        };
        format.finish();
        return schema;
    }

    private static JsonNode named(JsonObject named) {
        String name = named.requiredString("name");
        if (!name.matches("[a-zA-Z0-9_-]{1,64}")) {
            throw named.invalid("name", "it must have 1 to 64 letters, digits, underscores and hyphens");
        }
        named.string("description");
        named.bool("strict");
        return named.value("schema")
                .filter(JsonNode::isObject)
                .orElseThrow(() -> named.invalid("schema", "it must be a JSON Schema"));
    }
}
