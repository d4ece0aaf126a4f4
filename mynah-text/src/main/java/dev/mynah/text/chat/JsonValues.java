package dev.mynah.text.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON as the values that templates take. */
final class JsonValues {

    private JsonValues() {}

    static @Nullable Object of(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                node.properties().forEach(entry -> map.put(entry.getKey(), of(entry.getValue())));
                yield map;
            }
            case ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>(node.size());
                node.forEach(item -> list.add(of(item)));
                yield list;
            }
            case STRING -> node.stringValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> node.isIntegralNumber() ? node.bigIntegerValue() : Double.valueOf(node.doubleValue());
            default -> null;
        };
    }

    /** The object that {@code json} is, or {@code json} itself where it is none: a model's mistake is data. */
    static Object objectOrText(String json) {
        try {
            JsonNode node = JsonMapper.shared().readTree(json);
            Object value = node.isObject() ? of(node) : null;
            return value == null ? json : value;
        } catch (JacksonException e) {
            return json;
        }
    }
}
