package dev.mynah.cli;

import java.io.PrintWriter;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Prints a record: as one JSON object, or a line for each of its components. */
final class Figures {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private Figures() {}

    static ObjectNode tree(Object record) {
        return MAPPER.valueToTree(record);
    }

    static void print(ObjectNode tree, boolean json, PrintWriter out) {
        if (json) {
            out.println(tree);
            return;
        }
        for (Map.Entry<String, JsonNode> line : tree.properties()) {
            JsonNode value = line.getValue();
            out.println(line.getKey().replace('_', ' ') + ": " + (value.isString() ? value.stringValue() : value));
        }
    }
}
