package dev.mynah.files.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Binds {@link ConfigNode}s to records. A key is a component in snake_case; one that is left out takes its {@link
 * Default}, is null where it is {@code @Nullable}, and is made of its own defaults where it is a record. A sealed
 * interface stands for several ways to say one thing: each of its records is chosen by the key of its first component.
 */
final class ConfigBinder {
    private ConfigBinder() {}

    static <T> T bind(Class<T> type, ConfigNode node) {
        return type.cast(section(type, node, ""));
    }

    private static Object section(Class<?> type, ConfigNode node, String path) {
        if (!(node instanceof ConfigNode.Mapping mapping)) {
            throw new ConfigException(
                    node.origin() + ": " + path + " is " + node.shown() + "; it takes a mapping of keys to values");
        }
        return Key.isChoice(type) ? record(choose(type, mapping, path), mapping, path) : record(type, mapping, path);
    }

    private static Class<?> choose(Class<?> type, ConfigNode.Mapping mapping, String path) {
        Map<String, Class<?>> ways = ways(type);
        List<String> given =
                ways.keySet().stream().filter(mapping.entries()::containsKey).toList();
        if (given.size() == 1) {
            return Objects.requireNonNull(ways.get(given.getFirst()));
        }
        String found = given.isEmpty() ? "none of them" : String.join(" and ", given);
        throw new ConfigException(mapping.origin() + ": " + path + " needs exactly one of the keys "
                + String.join(", ", ways.keySet()) + "; found " + found);
    }

    /** The records of a sealed interface by the key that chooses them. */
    static Map<String, Class<?>> ways(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .collect(Collectors.toMap(
                        way -> Key.of(way).getFirst().name(), way -> way, (a, b) -> a, LinkedHashMap::new));
    }

    private static Object record(Class<?> type, ConfigNode.Mapping mapping, String path) {
        List<Key> keys = Key.of(type);
        rejectUnknown(keys, mapping, path);
        @Nullable Object[] values = new @Nullable Object[keys.size()];
        for (int i = 0; i < values.length; i++) {
            Key key = keys.get(i);
            values[i] = value(key, mapping.entries().get(key.name()), join(path, key.name()), mapping.origin());
        }
        return construct(type, keys, values, mapping.origin() + ": " + (path.isEmpty() ? "" : path + ": "));
    }

    private static void rejectUnknown(List<Key> keys, ConfigNode.Mapping mapping, String path) {
        List<String> known = keys.stream().map(Key::name).toList();
        for (Map.Entry<String, ConfigNode> entry : mapping.entries().entrySet()) {
            if (!known.contains(entry.getKey())) {
                String near = EditDistance.nearest(entry.getKey(), known);
                throw new ConfigException(entry.getValue().origin() + ": " + join(path, entry.getKey())
                        + " is not a known key; " + (near == null ? "" : "did you mean " + near + "? ") + "Allowed: "
                        + String.join(", ", known));
            }
        }
    }

    private static @Nullable Object value(Key key, @Nullable ConfigNode node, String path, String parentOrigin) {
        if (node == null || node.equals(new ConfigNode.Scalar(null, node.origin()))) {
            return absent(key, path, node == null ? parentOrigin : node.origin());
        }
        if (key.isSection()) {
            return section(key.type(), node, path);
        }
        if (key.elementType() != null) {
            return list(key, key.elementType(), node, path);
        }
        return scalar(key, key.type(), node, path);
    }

    private static @Nullable Object absent(Key key, String path, String origin) {
        String text = key.defaultText();
        if (text != null) {
            ConfigNode standard =
                    text.isEmpty() ? new ConfigNode.Scalar("", "") : YamlReader.value(text, "the default of " + path);
            return value(key, standard, path, origin);
        }
        if (key.nullable()) {
            return null;
        }
        if (key.type().isRecord()) {
            return record(key.type(), new ConfigNode.Mapping(Map.of(), origin), path);
        }
        throw new ConfigException(origin + ": " + path + " is missing; it takes " + key.allowed());
    }

    private static List<Object> list(Key key, Class<?> elementType, ConfigNode node, String path) {
        if (!(node instanceof ConfigNode.Sequence sequence)) {
            throw bad(key, node, path);
        }
        List<Object> values = new ArrayList<>();
        for (ConfigNode item : sequence.items()) {
            String place = path + "[" + values.size() + "]";
            values.add(
                    elementType.isRecord() ? section(elementType, item, place) : scalar(key, elementType, item, place));
        }
        return List.copyOf(values);
    }

    private static Object scalar(Key key, Class<?> type, ConfigNode node, String path) {
        String text = node instanceof ConfigNode.Scalar scalar ? scalar.text() : null;
        Object value = text == null ? null : ScalarParser.parse(text, type);
        if (value == null || !inRange(value, key.range())) {
            throw bad(key, node, path);
        }
        return value;
    }

    private static boolean inRange(Object value, @Nullable Range range) {
        if (range == null || !(value instanceof Number number)) {
            return true;
        }
        double x = number.doubleValue();
        return x >= range.min() && x <= range.max() && x > range.above() && x < range.below();
    }

    private static ConfigException bad(Key key, ConfigNode node, String path) {
        return new ConfigException(node.origin() + ": " + path + " is " + node.shown() + "; it takes " + key.allowed());
    }

    private static Object construct(Class<?> type, List<Key> keys, @Nullable Object[] values, String where) {
        try {
            Class<?>[] types = keys.stream().map(Key::type).toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException invalid) {
                throw new ConfigException(where + invalid.getMessage(), invalid);
            }
            throw new IllegalStateException("Cannot make " + type, e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot make " + type, e);
        }
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
