package dev.mynah.model;

import dev.mynah.files.JsonErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeType;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of a JSON object that comes from a stranger, read by name and type; a null counts as absent. Every error
 * names the source, the field and what was found.
 */
final class JsonFields {
    private static final long MAX_BYTES = 64 << 20;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String source;
    private final JsonNode object;

    private JsonFields(String source, JsonNode object) {
        this.source = source;
        this.object = object;
    }

    /** Reads a file that holds one JSON object. */
    static JsonFields read(Path file) throws IOException {
        long bytes = Files.size(file);
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException(file + " has " + bytes + " bytes, more than the " + MAX_BYTES
                    + " that a JSON file of a model may have");
        }
        return parse(file.toString(), Files.readAllBytes(file));
    }

    /** Parses {@code json}; {@code source} is how errors call it. */
    static JsonFields parse(String source, byte[] json) {
        JsonNode node;
        try {
            node = MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(source + " is not valid JSON: " + JsonErrors.describe(e), e);
        }
        if (!node.isObject()) {
            throw new IllegalArgumentException(source + " must hold a JSON object, not " + describe(node));
        }
        return new JsonFields(source, node);
    }

    String source() {
        return source;
    }

    boolean has(String name) {
        return find(name) != null;
    }

    /** Whether a field is there and null. */
    boolean isNull(String name) {
        JsonNode value = object.get(name);
        return value != null && value.isNull();
    }

    /** Whether a field is there and false. */
    boolean isFalse(String name) {
        JsonNode value = find(name);
        return value != null && value.isBoolean() && !value.booleanValue();
    }

    /** What {@code maker} makes of this object's values; where it refuses them, the error says whose they are. */
    <T> T located(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
        }
    }

    /** An error about a field: the source, the name, what it is, and {@code problem}. */
    IllegalArgumentException error(String name, String problem) {
        JsonNode value = find(name);
        String found = value == null ? "" : " " + shorten(value.toString());
        return new IllegalArgumentException(source + ": " + name + found + " " + problem);
    }

    int integer(String name) {
        return toInt(name, required(name));
    }

    int integer(String name, int absent) {
        JsonNode value = find(name);
        return value == null ? absent : toInt(name, value);
    }

    double number(String name, double absent) {
        JsonNode value = find(name);
        if (value == null) {
            return absent;
        }
        return toDouble(name, value);
    }

    double number(String name) {
        return toDouble(name, required(name));
    }

    boolean flag(String name, boolean absent) {
        JsonNode value = find(name);
        if (value == null) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw error(name, "must be true or false");
        }
        return value.booleanValue();
    }

    String text(String name) {
        return toText(name, required(name));
    }

    String text(String name, String absent) {
        JsonNode value = find(name);
        return value == null ? absent : toText(name, value);
    }

    /** An object inside this one, or null where it is absent. */
    @Nullable
    JsonFields object(String name) {
        JsonNode value = find(name);
        if (value == null) {
            return null;
        }
        if (!value.isObject()) {
            throw error(name, "must be an object");
        }
        return new JsonFields(source + ": " + name, value);
    }

    /** These fields, and of {@code defaults} those that are absent. */
    JsonFields withDefaults(Map<String, Integer> defaults) {
        ObjectNode all = MAPPER.createObjectNode();
        defaults.forEach(all::put);
        object.forEachEntry((name, value) -> {
            if (!value.isNull()) {
                all.set(name, value);
            }
        });
        return new JsonFields(source, all);
    }

    /** One integer or a list of integers; empty where it is absent. */
    List<Integer> integers(String name) {
        JsonNode value = find(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            return List.of(toInt(name, value));
        }
        List<Integer> integers = new ArrayList<>();
        for (JsonNode element : value) {
            integers.add(toInt(name, element));
        }
        return List.copyOf(integers);
    }

    /** A list of numbers. */
    List<Double> numbers(String name) {
        JsonNode value = required(name);
        if (!value.isArray()) {
            throw error(name, "must be a list of numbers");
        }
        List<Double> numbers = new ArrayList<>();
        for (JsonNode element : value) {
            numbers.add(toDouble(name, element));
        }
        return List.copyOf(numbers);
    }

    /** A list of strings; empty where it is absent. */
    List<String> texts(String name) {
        JsonNode value = find(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw error(name, "must be a list of strings");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : value) {
            texts.add(toText(name, element));
        }
        return List.copyOf(texts);
    }

    /** The names of all fields, in file order. */
    Collection<String> names() {
        return object.propertyNames();
    }

    private @Nullable JsonNode find(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private JsonNode required(String name) {
        JsonNode value = find(name);
        if (value == null) {
            throw new IllegalArgumentException(source + " lacks " + name);
        }
        return value;
    }

    private int toInt(String name, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw error(name, "must be an integer of at most " + Integer.MAX_VALUE);
        }
        return value.intValue();
    }

    private double toDouble(String name, JsonNode value) {
        if (!value.isNumber()) {
            throw error(name, "must be a number");
        }
        return value.doubleValue();
    }

    private String toText(String name, JsonNode value) {
        if (!value.isString()) {
            throw error(name, "must be a string");
        }
        return value.stringValue();
    }

    private static String describe(JsonNode node) {
        JsonNodeType type = node.getNodeType();
        return switch (type) {
            case ARRAY -> "an array";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case MISSING -> "nothing";
            default -> shorten(node.toString());
        };
    }

    private static String shorten(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}
