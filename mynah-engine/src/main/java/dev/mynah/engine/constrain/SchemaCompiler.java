package dev.mynah.engine.constrain;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * JSON Schema (2020-12, and what OpenAPI adds with {@code nullable}) as patterns. All that is written is valid; where a
 * schema leaves more open than can be written, the text is the narrower: members come in the schema's order, members
 * that are not named only where {@code additionalProperties} is given, and bounds of numbers that are not whole are
 * drawn in to whole ones. What is not supported is named.
 */
final class SchemaCompiler {
    private static final Set<String> ANNOTATIONS = Set.of(
            "title",
            "description",
            "default",
            "examples",
            "example",
            "$schema",
            "$id",
            "$comment",
            "deprecated",
            "readOnly",
            "writeOnly",
            "$defs",
            "definitions",
            "nullable",
            "type",
            "strict",
            "name");
    private static final Set<String> OBJECT = Set.of("properties", "required", "additionalProperties");
    private static final Set<String> ARRAY = Set.of("items", "prefixItems", "minItems", "maxItems");
    private static final Set<String> STRING = Set.of("minLength", "maxLength", "pattern", "format");
    private static final Set<String> NUMBER = Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");
    private static final List<String> TYPES =
            List.of("object", "array", "string", "number", "integer", "boolean", "null");
    private static final int MAX_DEPTH = 200;
    private static final int MAX_NAME = 500;
    private static final int MAX_PREFIX_ITEMS = 100;
    private static final int MAX_PROPERTIES = 1000;
    private static final int MAX_COUNT = 5_000;

    private static final String DATE = "\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])"
            + "|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))";
    private static final String TIME =
            "(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?(?:Z|[+-](?:0\\d|1\\d|2[0-3]):[0-5]\\d)";
    private static final String BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Map<String, String> FORMATS = Map.of(
            "date",
            DATE,
            "time",
            TIME,
            "date-time",
            DATE + "T" + TIME,
            "uuid",
            "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
            "ipv4",
            BYTE + "(?:\\." + BYTE + "){3}",
            "email",
            "[A-Za-z0-9_]+(?:[.+-][A-Za-z0-9_]+)*@[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?:\\.[A-Za-z]{2,10}){1,3}");

    private final JsonNode root;
    private final String name;
    private final Map<String, Pattern> rules;
    /** Parts that something refers to and that are not compiled yet. */
    private final Deque<String> open = new ArrayDeque<>();

    private SchemaCompiler(JsonNode root, String name, Map<String, Pattern> rules) {
        this.root = root;
        this.name = name;
        this.rules = rules;
    }

    /**
     * Adds the rules that {@code schema} needs to {@code rules}, and gives its pattern.
     *
     * @param name what tells its rules from those of other schemas
     */
    static Pattern compile(JsonNode schema, String name, Map<String, Pattern> rules) {
        return new SchemaCompiler(schema, name, rules).compile();
    }

    /** Parts that refer to one another are compiled one by one: a chain of them takes no stack. */
    private Pattern compile() {
        Pattern whole = reference("#");
        while (!open.isEmpty()) {
            String path = open.removeFirst();
            rules.put(rule(path), schema(part(path), path, 0));
        }
        return whole;
    }

    private String rule(String path) {
        return name + " " + path;
    }

    private static IllegalArgumentException wrong(String path, String what) {
        return new IllegalArgumentException("the JSON schema at " + path + ": " + what);
    }

    private Pattern reference(String path) {
        if (rules.putIfAbsent(rule(path), Pattern.NOTHING) == null) {
            open.add(path);
        }
        return new Pattern.Reference(rule(path));
    }

    private JsonNode part(String path) {
        JsonNode part = path.equals("#") ? root : path.startsWith("#/") ? root.at(path.substring(1)) : null;
        if (part == null || part.isMissingNode()) {
            throw wrong(path, "$ref must lead to a part of the same schema, such as #/$defs/NAME");
        }
        return part;
    }

    private Pattern schema(JsonNode schema, String path, int depth) {
        if (depth > MAX_DEPTH) {
            throw wrong(path, "it is nested more than " + MAX_DEPTH + " deep");
        }
        if (schema.isBoolean()) {
            return schema.booleanValue() ? JsonGrammar.anyValue() : Pattern.NOTHING;
        }
        if (!schema.isObject()) {
            throw wrong(path, "a schema is an object, true or false");
        }
        Pattern pattern = combined(schema, path, depth);
        return schema.path("nullable").asBoolean(false) ? Pattern.choice(pattern, Pattern.literal("null")) : pattern;
    }

    private Pattern combined(JsonNode schema, String path, int depth) {
        if (schema.has("const")) {
            only(schema, path, Set.of("const"));
            return JsonGrammar.literal(schema.get("const"));
        }
        if (schema.has("enum")) {
            only(schema, path, Set.of("enum"));
            List<Pattern> options = new ArrayList<>();
            List<String> types = schema.has("type") ? types(schema, path) : TYPES;
            for (JsonNode value : schema.get("enum")) {
                if (types.stream().anyMatch(type -> isOf(value, type))) {
                    options.add(JsonGrammar.literal(value));
                }
            }
            return new Pattern.Choice(options);
        }
        if (schema.has("$ref")) {
            only(schema, path, Set.of("$ref"));
            return reference(schema.get("$ref").asString(""));
        }
        for (String key : List.of("anyOf", "oneOf", "allOf")) {
            if (schema.has(key)) {
                return options(schema, key, path, depth);
            }
        }
        List<Pattern> options = new ArrayList<>();
        for (String type : types(schema, path)) {
            options.add(ofType(schema, type, path, depth));
        }
        known(schema, path);
        return new Pattern.Choice(options);
    }

    private Pattern options(JsonNode schema, String key, String path, int depth) {
        only(schema, path, Set.of(key));
        if (key.equals("allOf") && schema.get(key).size() != 1) {
            throw wrong(path, "allOf with several schemas is not supported");
        }
        List<Pattern> options = new ArrayList<>();
        int index = 0;
        for (JsonNode option : schema.get(key)) {
            options.add(schema(option, path + "/" + key + "/" + index++, depth + 1));
        }
        return new Pattern.Choice(options);
    }

    private static void only(JsonNode schema, String path, Set<String> keys) {
        for (String key : schema.propertyNames()) {
            if (!keys.contains(key) && !ANNOTATIONS.contains(key)) {
                throw wrong(path, "\"" + key + "\" together with " + keys + " is not supported");
            }
        }
    }

    private static void known(JsonNode schema, String path) {
        for (String key : schema.propertyNames()) {
            if (!ANNOTATIONS.contains(key)
                    && !OBJECT.contains(key)
                    && !ARRAY.contains(key)
                    && !STRING.contains(key)
                    && !NUMBER.contains(key)) {
                throw wrong(path, "the keyword \"" + key + "\" is not supported");
            }
        }
    }

    private static List<String> types(JsonNode schema, String path) {
        JsonNode type = schema.path("type");
        List<String> types = new ArrayList<>();
        if (type.isMissingNode()) {
            types.addAll(implied(schema));
        }
        for (JsonNode each : type.isArray() ? type : List.of(type)) {
            if (!each.isMissingNode() && !TYPES.contains(each.asString(""))) {
                throw wrong(path, "type is one of " + TYPES + ", not " + each);
            }
            types.addAll(each.isMissingNode() ? List.of() : List.of(each.asString()));
        }
        return types.stream().distinct().toList();
    }

    /** Without a type any would do: the one that the other keywords speak of, or all. */
    private static List<String> implied(JsonNode schema) {
        if (OBJECT.stream().anyMatch(schema::has)) {
            return List.of("object");
        }
        if (ARRAY.stream().anyMatch(schema::has)) {
            return List.of("array");
        }
        if (STRING.stream().anyMatch(schema::has)) {
            return List.of("string");
        }
        return NUMBER.stream().anyMatch(schema::has)
                ? List.of("number")
                : List.of("object", "array", "string", "number", "boolean", "null");
    }

    private static boolean isOf(JsonNode value, String type) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "number" -> value.isNumber();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            default -> value.isNull();
        };
    }

    private Pattern ofType(JsonNode schema, String type, String path, int depth) {
        return switch (type) {
            case "object" -> object(schema, path, depth);
            case "array" -> array(schema, path, depth);
            case "string" -> string(schema, path);
            case "number" -> number(schema, path, false);
            case "integer" -> number(schema, path, true);
            case "boolean" -> Pattern.choice(Pattern.literal("true"), Pattern.literal("false"));
            default -> Pattern.literal("null");
        };
    }

    private Pattern object(JsonNode schema, String path, int depth) {
        JsonNode properties = schema.path("properties");
        JsonNode additional = schema.path("additionalProperties");
        List<String> names = new ArrayList<>(properties.propertyNames());
        if (names.size() > MAX_PROPERTIES) {
            throw wrong(path, "more than " + MAX_PROPERTIES + " properties are not supported");
        }
        if (names.stream().anyMatch(name -> name.length() > MAX_NAME)) {
            throw wrong(path, "names of more than " + MAX_NAME + " characters are not supported");
        }
        Set<String> required = new LinkedHashSet<>();
        schema.path("required").forEach(name -> required.add(name.asString()));
        if (names.isEmpty() && required.isEmpty() && additional.isMissingNode()) {
            return new Pattern.Reference(JsonGrammar.OBJECT);
        }
        for (String name : required) {
            if (!names.contains(name)) {
                throw wrong(path, "\"" + name + "\" is required, but not among the properties");
            }
        }
        Pattern others = Pattern.NOTHING;
        if (!additional.isMissingNode()) {
            Pattern value = schema(additional, path + "/additionalProperties", depth + 1);
            others = JsonGrammar.member(JsonGrammar.stringExcept(names), value);
        }
        Pattern more = Pattern.any(Pattern.sequence(JsonGrammar.comma(), others));
        // From the last member to the first: what may follow once there is a member before, and while there is none.
        Pattern after = more;
        List<Pattern> first = new ArrayList<>(List.of(Pattern.EMPTY, Pattern.sequence(others, more)));
        for (String key : names.reversed()) {
            String place = path + "/properties/" + key.replace("~", "~0").replace("/", "~1");
            Pattern member = JsonGrammar.member(
                    JsonGrammar.literal(StringNode.valueOf(key)), schema(properties.get(key), place, depth + 1));
            String rule = "after " + rule(place);
            rules.put(rule, after);
            Pattern rest = new Pattern.Reference(rule);
            Pattern here = Pattern.sequence(JsonGrammar.comma(), member, rest);
            Pattern begins = Pattern.sequence(member, rest);
            boolean optional = !required.contains(key);
            after = optional ? Pattern.choice(here, rest) : here;
            if (!optional) {
                first.clear();
            }
            first.add(begins);
        }
        return Pattern.sequence(
                Pattern.literal("{"),
                JsonGrammar.SPACE,
                new Pattern.Choice(first),
                JsonGrammar.SPACE,
                Pattern.literal("}"));
    }

    private Pattern array(JsonNode schema, String path, int depth) {
        int min = count(schema, "minItems", 0, path);
        int max = count(schema, "maxItems", -1, path);
        JsonNode items = schema.path("items");
        Pattern item = items.isMissingNode() ? JsonGrammar.anyValue() : schema(items, path + "/items", depth + 1);
        List<Pattern> prefix = new ArrayList<>();
        for (JsonNode each : schema.path("prefixItems")) {
            if (prefix.size() == MAX_PREFIX_ITEMS) {
                throw wrong(path, "more than " + MAX_PREFIX_ITEMS + " prefixItems are not supported");
            }
            prefix.add(schema(each, path + "/prefixItems/" + prefix.size(), depth + 1));
        }
        if (prefix.isEmpty()) {
            return max >= 0 && max < min ? Pattern.NOTHING : JsonGrammar.array(item, min, max);
        }
        return tuple(prefix, item, min, max);
    }

    /** An array whose first items have patterns of their own. */
    private static Pattern tuple(List<Pattern> prefix, Pattern item, int min, int max) {
        List<Pattern> options = new ArrayList<>();
        int most = max < 0 ? prefix.size() : Math.min(max, prefix.size());
        for (int size = min; size <= most; size++) {
            List<Pattern> parts = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                parts.add(i == 0 ? Pattern.EMPTY : JsonGrammar.comma());
                parts.add(prefix.get(i));
            }
            if (size == prefix.size()) {
                Pattern more = Pattern.sequence(JsonGrammar.comma(), item);
                parts.add(new Pattern.Repeat(more, 0, max < 0 ? -1 : max - size));
            }
            options.add(new Pattern.Sequence(parts));
        }
        if (min > prefix.size() && (max < 0 || max >= min)) {
            List<Pattern> parts = new ArrayList<>();
            for (int i = 0; i < prefix.size(); i++) {
                parts.add(i == 0 ? Pattern.EMPTY : JsonGrammar.comma());
                parts.add(prefix.get(i));
            }
            Pattern more = Pattern.sequence(JsonGrammar.comma(), item);
            parts.add(new Pattern.Repeat(more, min - prefix.size(), max < 0 ? -1 : max - prefix.size()));
            options.add(new Pattern.Sequence(parts));
        }
        return Pattern.sequence(
                Pattern.literal("["),
                JsonGrammar.SPACE,
                new Pattern.Choice(options),
                JsonGrammar.SPACE,
                Pattern.literal("]"));
    }

    private static int count(JsonNode schema, String key, int otherwise, String path) {
        JsonNode value = schema.path(key);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < 0
                || value.intValue() > MAX_COUNT) {
            throw wrong(path, key + " is a whole number from 0 to " + MAX_COUNT + ", not " + value);
        }
        return value.intValue();
    }

    private static Pattern string(JsonNode schema, String path) {
        boolean bounded = schema.has("minLength") || schema.has("maxLength");
        List<String> kinds = new ArrayList<>(List.of("pattern", "format"));
        kinds.removeIf(key -> !schema.has(key));
        if (kinds.size() + (bounded ? 1 : 0) > 1) {
            throw wrong(path, "only one of pattern, format and a length is supported at a time");
        }
        if (schema.has("pattern")) {
            String pattern = schema.get("pattern").asString("");
            return JsonGrammar.string(RegexParser.parse(pattern, true, JsonGrammar::inString));
        }
        if (schema.has("format")) {
            String format = FORMATS.get(schema.get("format").asString(""));
            if (format == null) {
                throw wrong(
                        path,
                        "the format " + schema.get("format") + " is not supported; these are: "
                                + FORMATS.keySet().stream().sorted().toList());
            }
            return JsonGrammar.string(RegexParser.parse(format, false, JsonGrammar::inString));
        }
        if (!bounded) {
            return JsonGrammar.anyString();
        }
        int min = count(schema, "minLength", 0, path);
        int max = count(schema, "maxLength", -1, path);
        return max >= 0 && max < min
                ? Pattern.NOTHING
                : JsonGrammar.string(new Pattern.Repeat(JsonGrammar.character(), min, max));
    }

    private static Pattern number(JsonNode schema, String path, boolean whole) {
        if (NUMBER.stream().noneMatch(schema::has)) {
            return whole ? JsonGrammar.INTEGER : JsonGrammar.anyNumber();
        }
        BigInteger min = bound(schema, "minimum", "exclusiveMinimum", RoundingMode.CEILING, path);
        BigInteger max = bound(schema, "maximum", "exclusiveMaximum", RoundingMode.FLOOR, path);
        Pattern integers = NumberRanges.integers(min, max);
        if (whole) {
            return integers;
        }
        // n.f lies between n and the next whole number further from zero.
        BigInteger zero = BigInteger.ZERO;
        Pattern fraction = Pattern.sequence(Pattern.literal("."), new Pattern.Repeat(CharSet.DIGITS.utf8(), 1, -1));
        BigInteger below = max == null ? null : max.subtract(BigInteger.ONE);
        BigInteger above = min == null ? null : min.add(BigInteger.ONE);
        Pattern positive = below != null && below.signum() < 0
                ? Pattern.NOTHING
                : NumberRanges.integers(min == null ? zero : min.max(zero), below);
        Pattern negative = above != null && above.signum() > 0
                ? Pattern.NOTHING
                : Pattern.choice(
                        NumberRanges.integers(
                                above, max == null ? BigInteger.ONE.negate() : max.min(BigInteger.ONE.negate())),
                        max == null || max.signum() >= 0 ? Pattern.literal("-0") : Pattern.NOTHING);
        return Pattern.choice(integers, Pattern.sequence(Pattern.choice(positive, negative), fraction));
    }

    /** The bound drawn in to a whole number, or null for none. */
    private static @Nullable BigInteger bound(
            JsonNode schema, String key, String exclusiveKey, RoundingMode inwards, String path) {
        BigInteger bound = null;
        int sign = inwards == RoundingMode.CEILING ? 1 : -1;
        for (String each : List.of(key, exclusiveKey)) {
            JsonNode value = schema.path(each);
            if (value.isMissingNode()) {
                continue;
            }
            if (!value.isNumber() || value.decimalValue().abs().compareTo(BigDecimal.valueOf(1e18)) > 0) {
                throw wrong(path, each + " is a number between -1e18 and 1e18, not " + value);
            }
            BigInteger whole = value.decimalValue().setScale(0, inwards).toBigIntegerExact();
            boolean touches = new BigDecimal(whole).compareTo(value.decimalValue()) == 0;
            BigInteger inside = each.equals(exclusiveKey) && touches ? whole.add(BigInteger.valueOf(sign)) : whole;
            bound = bound == null || inside.compareTo(bound) * sign > 0 ? inside : bound;
        }
        return bound;
    }
}
