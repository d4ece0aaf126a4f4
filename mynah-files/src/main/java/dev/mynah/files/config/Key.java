package dev.mynah.files.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One configuration key: a record component, its name in snake_case and what its annotations say. */
record Key(String name, Class<?> type, @Nullable Class<?> elementType, RecordComponent component) {
    /** How what a list takes is said. */
    static final String A_LIST = "a list of ";

    /** The keys of a configuration record in the order of its components. */
    static List<Key> of(Class<?> record) {
        return Arrays.stream(record.getRecordComponents()).map(Key::of).toList();
    }

    private static Key of(RecordComponent component) {
        Type generic = component.getGenericType();
        Class<?> element =
                generic instanceof ParameterizedType list ? (Class<?>) list.getActualTypeArguments()[0] : null;
        return new Key(snakeCase(component.getName()), component.getType(), element, component);
    }

    private static String snakeCase(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    String doc() {
        Doc doc = component.getAnnotation(Doc.class);
        return doc == null ? "" : doc.value();
    }

    @Nullable
    String defaultText() {
        Default annotation = component.getAnnotation(Default.class);
        return annotation == null ? null : annotation.value();
    }

    @Nullable
    Range range() {
        return component.getAnnotation(Range.class);
    }

    boolean isInput() {
        return component.isAnnotationPresent(Input.class);
    }

    boolean nullable() {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    /** Whether there are several ways to give the key, each a record. An enum may be sealed too. */
    boolean isChoice() {
        return isChoice(type);
    }

    static boolean isChoice(Class<?> type) {
        return type.isSealed() && type.isInterface();
    }

    /** Whether the key holds keys of its own. */
    boolean isSection() {
        return type.isRecord() || isChoice();
    }

    @Nullable
    Object valueIn(Object record) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("Cannot read " + component, e);
        }
    }

    /** What the key takes, for errors and documentation: {@code "a whole number, at least 1"}. */
    String allowed() {
        return elementType == null ? allowed(type) : A_LIST + plural(elementType);
    }

    private String allowed(Class<?> type) {
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "a whole number" + bounds();
        }
        if (type == double.class || type == Double.class) {
            return "a number" + bounds();
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type.isEnum()) {
            return "one of " + names(type);
        }
        if (type == Path.class) {
            return "a path";
        }
        return type == String.class ? "text" : "a mapping";
    }

    private String plural(Class<?> type) {
        if (type == String.class) {
            return "texts";
        }
        if (type.isRecord()) {
            return "mappings";
        }
        return type == Path.class ? "paths" : "values, each " + allowed(type);
    }

    private String bounds() {
        Range range = range();
        if (range == null) {
            return "";
        }
        return bound(", at least ", range.min())
                + bound(", above ", range.above())
                + bound(", at most ", range.max())
                + bound(", below ", range.below());
    }

    private static String bound(String words, double number) {
        if (Double.isInfinite(number)) {
            return "";
        }
        return words + (number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number));
    }

    private static String names(Class<?> enumType) {
        return Arrays.stream(enumType.getEnumConstants()).map(Key::constantName).collect(Collectors.joining(", "));
    }

    /** How an enum's constant is written in a file. */
    static String constantName(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
    }
}
