package dev.mynah.server.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An object of a request's body. Whatever is wrong is refused by the path of its key; {@link #finish} refuses what nobody asked for. A null counts as absent.
 */
public final class JsonObject {
    private static final int MAX_METADATA = 16;
    private static final int MAX_METADATA_KEY = 64;
    private static final int MAX_METADATA_VALUE = 512;

    private final JsonNode node;
    private final String path;
    private final Set<String> known = new HashSet<>();

    /** @param path where the object stands in the body, empty for the body itself */
    public JsonObject(JsonNode node, String path) {
        if (!node.isObject()) {
            throw invalid(path.isEmpty() ? "the body" : path, "an object", node);
        }
        this.node = node;
        this.path = path;
    }

    /** The object as it came. */
    public JsonNode node() {
        return node;
    }

    /** The object as JSON. */
    @Override
    public String toString() {
        return node.toString();
    }

    /** The path of a key, for messages. */
    public String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** The value as it is, or empty where it is absent or null. */
    public Optional<JsonNode> value(String key) {
        known.add(key);
        @Nullable JsonNode value = node.get(key);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    public Optional<String> string(String key) {
        return value(key).map(value -> {
            if (!value.isString()) {
                throw invalid(path(key), "a string", value);
            }
            return text(path(key), value);
        });
    }

    /** No database keeps a NUL in a text, and none belongs there. */
    private static String text(String path, JsonNode value) {
        String text = value.stringValue();
        if (text.indexOf('\0') >= 0) {
            throw ApiException.badRequest(
                    "Invalid '" + path + "': it contains a NUL character.", path, "invalid_value");
        }
        return text;
    }

    public String requiredString(String key) {
        return string(key).orElseThrow(() -> missing(key));
    }

    /** A text of {@code least} to {@code most} characters without the blanks around it; where it is absent, it is empty. */
    public String text(String key, int least, int most) {
        String text = string(key).orElse("").strip();
        if (text.length() < least || text.length() > most) {
            throw invalid(key, "it has " + least + " to " + most + " characters");
        }
        return text;
    }

    public Optional<Boolean> bool(String key) {
        return value(key).map(value -> {
            if (!value.isBoolean()) {
                throw invalid(path(key), "true or false", value);
            }
            return value.booleanValue();
        });
    }

    public OptionalInt integer(String key, int least, int most) {
        OptionalLong value = integer(key, (long) least, (long) most);
        return value.isPresent() ? OptionalInt.of(Math.toIntExact(value.getAsLong())) : OptionalInt.empty();
    }

    public OptionalLong integer(String key, long least, long most) {
        Optional<JsonNode> value = value(key);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        String range = "an integer of " + least + ".." + most;
        // 120.0 is the same number as 120.
        if (!value.get().canConvertToExactIntegral() || !value.get().canConvertToLong()) {
            throw invalid(path(key), range, value.get());
        }
        long number = value.get().longValue();
        if (number < least || number > most) {
            throw invalid(path(key), range, value.get());
        }
        return OptionalLong.of(number);
    }

    public OptionalDouble number(String key, double least, double most) {
        Optional<JsonNode> value = value(key);
        if (value.isEmpty()) {
            return OptionalDouble.empty();
        }
        double number = value.get().isNumber() ? value.get().doubleValue() : Double.NaN;
        // Written so that a NaN is refused too.
        if (!(number >= least && number <= most)) {
            throw invalid(path(key), "a number of " + least + ".." + most, value.get());
        }
        return OptionalDouble.of(number);
    }

    public Optional<JsonObject> object(String key) {
        return value(key).map(value -> new JsonObject(value, path(key)));
    }

    /** The objects of an array, or empty where it is absent. */
    public Optional<List<JsonObject>> objects(String key) {
        return value(key).map(value -> {
            if (!value.isArray()) {
                throw invalid(path(key), "an array", value);
            }
            List<JsonObject> objects = new ArrayList<>();
            for (JsonNode element : value) {
                objects.add(new JsonObject(element, path(key) + "[" + objects.size() + "]"));
            }
            return objects;
        });
    }

    /** One string, or an array of them; none where the key is absent. */
    public List<String> strings(String key) {
        Optional<JsonNode> value = value(key);
        if (value.isEmpty()) {
            return List.of();
        }
        if (value.get().isString()) {
            return List.of(text(path(key), value.get()));
        }
        List<String> strings = new ArrayList<>();
        for (JsonNode element : value.get()) {
            if (!element.isString()) {
                throw invalid(path(key) + "[" + strings.size() + "]", "a string", element);
            }
            strings.add(text(path(key), element));
        }
        if (!value.get().isArray()) {
            throw invalid(path(key), "a string or an array of strings", value.get());
        }
        return strings;
    }

    /** The {@code metadata} of a request: a few words by name, empty where there are none. */
    public Map<String, String> metadata() {
        Map<String, String> metadata = new HashMap<>();
        object("metadata").ifPresent(object -> {
            for (String key : object.keys()) {
                String value = object.requiredString(key);
                if (key.indexOf('\0') >= 0) {
                    throw invalid("metadata", "a name contains a NUL character");
                }
                if (key.length() > MAX_METADATA_KEY || value.length() > MAX_METADATA_VALUE) {
                    throw object.invalid(
                            key,
                            "a name has at most " + MAX_METADATA_KEY + " characters, its value " + MAX_METADATA_VALUE);
                }
                metadata.put(key, value);
            }
        });
        if (metadata.size() > MAX_METADATA) {
            throw invalid("metadata", "it must have at most " + MAX_METADATA + " keys");
        }
        return metadata;
    }

    /** Takes a key note of which nothing depends on, such as {@code user}. */
    public void ignore(String... keys) {
        known.addAll(Set.of(keys));
    }

    /** Names of all keys, for objects that are maps. */
    public Set<String> keys() {
        Set<String> keys = new HashSet<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            keys.add(entry.getKey());
        }
        return keys;
    }

    /** Refuses keys that nobody has asked for. */
    public void finish() {
        for (String key : keys()) {
            if (!known.contains(key) && !node.get(key).isNull()) {
                throw ApiException.badRequest(
                        "Unrecognized request argument supplied: " + path(key), path(key), "unknown_parameter");
            }
        }
    }

    public ApiException missing(String key) {
        return ApiException.badRequest(
                "Missing required parameter: '" + path(key) + "'.", path(key), "missing_required_parameter");
    }

    /** A refusal of this key's value. */
    public ApiException invalid(String key, String reason) {
        return ApiException.badRequest("Invalid '" + path(key) + "': " + reason + ".", path(key), "invalid_value");
    }

    private static ApiException invalid(String path, String wanted, JsonNode found) {
        String shown = found.isContainer() ? (found.isArray() ? "an array" : "an object") : shortened(found.toString());
        return ApiException.badRequest(
                "Invalid value for '" + path + "': expected " + wanted + ", but got " + shown + ".",
                path,
                "invalid_value");
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
