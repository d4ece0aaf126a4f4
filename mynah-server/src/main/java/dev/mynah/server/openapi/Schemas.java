package dev.mynah.server.openapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/** JSON Schemas (draft 2020-12, as OpenAPI 3.1 has them) of the records that responses are made of. Each becomes a component of its own, by its name. */
final class Schemas {
    private static final Set<Class<?>> WHOLE =
            Set.of(int.class, Integer.class, long.class, Long.class, short.class, Short.class, byte.class, Byte.class);
    private static final Set<Class<?>> REAL = Set.of(double.class, Double.class, float.class, Float.class);

    private final Map<String, Object> components = new TreeMap<>();
    private final Map<String, String> owners = new LinkedHashMap<>();

    /** All records that were asked for, by their names. */
    Map<String, Object> components() {
        return components;
    }

    /** The schema of a type. */
    Map<String, Object> of(ResolvableType type) {
        Class<?> raw = type.toClass();
        if (raw.isRecord()) {
            return Map.of("$ref", "#/components/schemas/" + component(type, raw));
        }
        if (raw == Optional.class) {
            return nullable(of(type.getGeneric(0)));
        }
        if (raw.isArray() || Collection.class.isAssignableFrom(raw)) {
            ResolvableType element = raw.isArray()
                    ? type.getComponentType()
                    : type.asCollection().getGeneric(0);
            return Map.of("type", "array", "items", of(element));
        }
        if (Map.class.isAssignableFrom(raw)) {
            return Map.of(
                    "type", "object", "additionalProperties", of(type.asMap().getGeneric(1)));
        }
        if (raw.isEnum()) {
            return Map.of(
                    "type",
                    "string",
                    "enum",
                    Arrays.stream(raw.getEnumConstants()).map(Object::toString).toList());
        }
        return scalar(raw);
    }

    private static Map<String, Object> scalar(Class<?> type) {
        if (WHOLE.contains(type)) {
            return Map.of("type", "integer");
        }
        if (REAL.contains(type)) {
            return Map.of("type", "number");
        }
        if (type == boolean.class || type == Boolean.class) {
            return Map.of("type", "boolean");
        }
        if (type == Instant.class) {
            return Map.of("type", "string", "format", "date-time");
        }
        if (type == LocalDate.class) {
            return Map.of("type", "string", "format", "date");
        }
        // A tree, or whatever its documentation says.
        return CharSequence.class.isAssignableFrom(type) ? Map.of("type", "string") : Map.of();
    }

    /** Simple names of nested records repeat themselves, so they come with those of what they stand in. */
    private String component(ResolvableType type, Class<?> raw) {
        StringBuilder name = new StringBuilder(raw.getSimpleName());
        for (Class<?> outer = raw.getEnclosingClass(); outer != null; outer = outer.getEnclosingClass()) {
            name.insert(0, outer.getSimpleName().replace("Controller", ""));
        }
        for (ResolvableType generic : type.getGenerics()) {
            name.append("Of")
                    .append(
                            generic.toClass().getEnclosingClass() == null
                                    ? ""
                                    : generic.toClass()
                                            .getEnclosingClass()
                                            .getSimpleName()
                                            .replace("Controller", ""))
                    .append(generic.toClass().getSimpleName());
        }
        String unique = name.toString();
        for (int n = 2; !owners.getOrDefault(unique, type.toString()).equals(type.toString()); n++) {
            unique = name.toString() + n;
        }
        if (owners.put(unique, type.toString()) == null) {
            components.put(unique, record(type, raw));
        }
        return unique;
    }

    private Map<String, Object> record(ResolvableType type, Class<?> raw) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (RecordComponent component : raw.getRecordComponents()) {
            String name = snakeCase(component.getName());
            Map<String, Object> schema = component.getAccessor().isAnnotationPresent(JsonRawValue.class)
                    ? Map.of()
                    : of(ResolvableType.forType(component.getGenericType(), type));
            boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            properties.put(name, nullable ? nullable(schema) : schema);
            if (!isLeftOut(component)) {
                required.add(name);
            }
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("required", required);
        return schema;
    }

    /** A schema of what comes, in which all that may be absent may be null too, be it known or not: a null counts as absent. */
    static Object withNulls(Object schema) {
        if (schema instanceof List<?> list) {
            return list.stream().map(Schemas::withNulls).toList();
        }
        if (!(schema instanceof Map<?, ?> map)) {
            return schema;
        }
        List<?> required = map.get("required") instanceof List<?> names ? names : List.of();
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (key.equals("properties") && value instanceof Map<?, ?> properties) {
                Map<String, Object> loose = new LinkedHashMap<>();
                properties.forEach((name, property) -> loose.put(
                        String.valueOf(name),
                        required.contains(name)
                                ? withNulls(property)
                                : Map.of("anyOf", List.of(withNulls(property), Map.of("type", "null")))));
                copy.put("properties", loose);
            } else {
                boolean closed = key.equals("additionalProperties") && value.equals(false);
                copy.put(String.valueOf(key), closed ? Map.of("type", "null") : withNulls(value));
            }
        });
        return copy;
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    private static boolean isLeftOut(RecordComponent component) {
        @Nullable JsonInclude include = component.getAccessor().getAnnotation(JsonInclude.class);
        return include != null && include.value() == JsonInclude.Include.NON_NULL;
    }

    private static Map<String, Object> nullable(Map<String, Object> schema) {
        return schema.isEmpty() ? schema : Map.of("anyOf", List.of(schema, Map.of("type", "null")));
    }
}
