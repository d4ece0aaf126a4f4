package dev.mynah.files.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Text of a configuration value to the Java value of a type; null where the text is no such value. */
final class ScalarParser {
    private static final Pattern WHOLE = Pattern.compile("[-+]?\\d+(_\\d+)*");
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+(_\\d+)*(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?");

    private ScalarParser() {}

    static @Nullable Object parse(String text, Class<?> type) {
        if (type == String.class) {
            return text;
        }
        if (type.isEnum()) {
            return constant(text, type);
        }
        if (type == boolean.class || type == Boolean.class) {
            return text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null;
        }
        try {
            return type == Path.class ? path(text) : number(text, type);
        } catch (NumberFormatException | InvalidPathException e) {
            return null;
        }
    }

    private static @Nullable Path path(String text) {
        return text.isBlank() ? null : Path.of(text);
    }

    private static @Nullable Object number(String text, Class<?> type) {
        String digits = text.replace("_", "");
        if (type == int.class || type == Integer.class) {
            return WHOLE.matcher(text).matches() ? Integer.valueOf(digits) : null;
        }
        if (type == long.class || type == Long.class) {
            return WHOLE.matcher(text).matches() ? Long.valueOf(digits) : null;
        }
        if (type == double.class || type == Double.class) {
            return NUMBER.matcher(text).matches() ? finite(Double.parseDouble(digits)) : null;
        }
        throw new IllegalStateException("No configuration value can have the type " + type);
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static @Nullable Object constant(String text, Class<?> enumType) {
        for (Object constant : enumType.getEnumConstants()) {
            if (Key.constantName(constant).equals(text)) {
                return constant;
            }
        }
        return null;
    }
}
