package dev.mynah.model.gguf;

import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of a GGUF file: values by key, read by type. Whole numbers of any width are integers, a bool is a flag. Every error names the file, the key and what was found.
 */
public final class GgufMetadata {
    private final String source;
    private final SequencedMap<String, Object> values;

    /** @param values {@link Long}, {@link Float}, {@link Double}, {@link Boolean}, {@link String}, or a {@link List} of one of these */
    GgufMetadata(String source, SequencedMap<String, Object> values) {
        this.source = source;
        this.values = Collections.unmodifiableSequencedMap(values);
    }

    /** What errors call the file. */
    public String source() {
        return source;
    }

    /** All keys, in the order of the file. */
    public SequencedSet<String> keys() {
        return values.sequencedKeySet();
    }

    /** Whether there is a value of any type. */
    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** A string. */
    public String text(String key) {
        return required(key, text(key, null));
    }

    /** A string, or {@code absent}. */
    public @Nullable String text(String key, @Nullable String absent) {
        return value(key, String.class, "a string", absent);
    }

    /** A whole number that fits into an int. */
    public int integer(String key) {
        required(key, values.get(key));
        return integer(key, 0);
    }

    /** A whole number that fits into an int, or {@code absent}. */
    public int integer(String key, int absent) {
        long value = required(key, value(key, Long.class, "a whole number", (long) absent));
        if (value != (int) value) {
            throw error(key, "must be a whole number of at most " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    /** A number, whole or not, or {@code absent}. */
    public double number(String key, double absent) {
        Object value = values.get(key);
        if (value instanceof Long whole) {
            return whole;
        }
        if (value instanceof Float single) {
            // The decimal that was meant: 1e-5, not 9.999999747378752e-6.
            return Double.parseDouble(single.toString());
        }
        return required(key, value(key, Double.class, "a number", absent));
    }

    /** A bool, or {@code absent}. */
    public boolean flag(String key, boolean absent) {
        return required(key, value(key, Boolean.class, "true or false", absent));
    }

    /** An array of strings; empty where it is absent. */
    public List<String> texts(String key) {
        return list(key, String.class, "an array of strings", Function.identity());
    }

    /** An array of whole numbers; empty where it is absent. */
    public List<Long> integers(String key) {
        return list(key, Long.class, "an array of whole numbers", Function.identity());
    }

    /** An array of numbers; empty where it is absent. */
    public List<Double> numbers(String key) {
        return list(key, Number.class, "an array of numbers", Number::doubleValue);
    }

    /** An error about a value: the file, the key, what it is, and {@code problem}. */
    public IllegalArgumentException error(String key, String problem) {
        Object value = values.get(key);
        String found = value == null ? "" : " " + shorten(value.toString());
        return new GgufFormatException(source + ": " + key + found + " " + problem);
    }

    private <T> T required(String key, @Nullable T value) {
        if (value == null) {
            throw new GgufFormatException(source + " lacks " + key);
        }
        return value;
    }

    private <T> @Nullable T value(String key, Class<T> type, String described, @Nullable T absent) {
        Object value = values.get(key);
        if (value == null) {
            return absent;
        }
        if (!type.isInstance(value)) {
            throw error(key, "must be " + described);
        }
        return type.cast(value);
    }

    private <A, B> List<B> list(String key, Class<A> type, String described, Function<A, B> each) {
        Object value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list) || !list.stream().allMatch(type::isInstance)) {
            throw error(key, "must be " + described);
        }
        return list.stream().map(type::cast).map(each).toList();
    }

    private static String shorten(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}
