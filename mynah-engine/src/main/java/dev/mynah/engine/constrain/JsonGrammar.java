package dev.mynah.engine.constrain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** JSON (RFC 8259) as patterns. Between two tokens stand at most a space, or a line break with its indentation. */
final class JsonGrammar {
    static final String VALUE = "json value";
    static final String OBJECT = "json object";
    static final String ARRAY = "json array";
    private static final String STRING = "json string";
    private static final String NUMBER = "json number";
    private static final int MAX_INDENTATION = 40;

    private static final CharSet ESCAPED =
            CharSet.of(0, 0x1F).or(CharSet.of('"')).or(CharSet.of('\\'));

    static final Pattern SPACE = Pattern.optional(Pattern.choice(
            Pattern.literal(" "),
            Pattern.sequence(
                    Pattern.literal("\n"),
                    new Pattern.Repeat(
                            Pattern.choice(Pattern.literal(" "), Pattern.literal("\t")), 0, MAX_INDENTATION))));
    private static final Pattern DIGIT = CharSet.DIGITS.utf8();
    private static final Pattern HEX =
            CharSet.DIGITS.or(CharSet.of('a', 'f')).or(CharSet.of('A', 'F')).utf8();
    private static final Pattern FRACTION = Pattern.sequence(Pattern.literal("."), new Pattern.Repeat(DIGIT, 1, -1));
    /** Of two digits: with three, readers would find numbers beyond those of double precision. */
    private static final Pattern EXPONENT = Pattern.sequence(
            Pattern.choice(Pattern.literal("e"), Pattern.literal("E")),
            Pattern.optional(Pattern.choice(Pattern.literal("+"), Pattern.literal("-"))),
            new Pattern.Repeat(DIGIT, 1, 2));

    static final Pattern INTEGER = Pattern.sequence(
            Pattern.optional(Pattern.literal("-")),
            Pattern.choice(
                    Pattern.literal("0"), Pattern.sequence(CharSet.of('1', '9').utf8(), Pattern.any(DIGIT))));

    private JsonGrammar() {}

    /** The rules of any JSON value. */
    static Map<String, Pattern> rules() {
        Map<String, Pattern> rules = new HashMap<>();
        rules.put(STRING, string(Pattern.any(character())));
        rules.put(NUMBER, Pattern.sequence(INTEGER, Pattern.optional(FRACTION), Pattern.optional(EXPONENT)));
        rules.put(OBJECT, object(member(anyString(), anyValue()), 0, -1));
        rules.put(ARRAY, array(anyValue(), 0, -1));
        rules.put(
                VALUE,
                Pattern.choice(
                        new Pattern.Reference(OBJECT),
                        new Pattern.Reference(ARRAY),
                        anyString(),
                        anyNumber(),
                        Pattern.literal("true"),
                        Pattern.literal("false"),
                        Pattern.literal("null")));
        return rules;
    }

    static Pattern anyValue() {
        return new Pattern.Reference(VALUE);
    }

    static Pattern anyString() {
        return new Pattern.Reference(STRING);
    }

    static Pattern anyNumber() {
        return new Pattern.Reference(NUMBER);
    }

    /** No rule of its own: a mask holds as far as the rule reaches that it began in, which is the string. */
    static Pattern character() {
        return Pattern.choice(ESCAPED.not().utf8(), escape());
    }

    /** An escape; half a surrogate pair only with the other half. */
    private static Pattern escape() {
        Pattern d = Pattern.choice(Pattern.literal("d"), Pattern.literal("D"));
        Pattern notD = CharSet.DIGITS
                .or(CharSet.of('a', 'c'))
                .or(CharSet.of('A', 'C'))
                .or(CharSet.of('e', 'f'))
                .or(CharSet.of('E', 'F'))
                .utf8();
        Pattern high = CharSet.of('8', '9')
                .or(CharSet.of('a', 'b'))
                .or(CharSet.of('A', 'B'))
                .utf8();
        Pattern low = CharSet.of('c', 'f').or(CharSet.of('C', 'F')).utf8();
        Pattern basic = Pattern.choice(
                Pattern.sequence(notD, HEX, HEX, HEX),
                Pattern.sequence(d, CharSet.of('0', '7').utf8(), HEX, HEX));
        Pattern pair = Pattern.sequence(d, high, HEX, HEX, Pattern.literal("\\u"), d, low, HEX, HEX);
        Pattern letter = new CharSet(List.of())
                .or(CharSet.of('"'))
                .or(CharSet.of('\\'))
                .or(CharSet.of('/'))
                .or(CharSet.of('b'))
                .or(CharSet.of('f'))
                .or(CharSet.of('n'))
                .or(CharSet.of('r'))
                .or(CharSet.of('t'))
                .utf8();
        return Pattern.sequence(
                Pattern.literal("\\"),
                Pattern.choice(letter, Pattern.sequence(Pattern.literal("u"), Pattern.choice(basic, pair))));
    }

    static Pattern string(Pattern content) {
        return Pattern.sequence(Pattern.literal("\""), content, Pattern.literal("\""));
    }

    /** One of a set of characters within a string: as it is, or escaped where it must be. */
    static Pattern inString(CharSet characters) {
        List<Pattern> options = new ArrayList<>();
        options.add(characters.and(ESCAPED.not()).utf8());
        for (CharSet.Range range : characters.and(ESCAPED).ranges()) {
            for (int c = range.low(); c <= range.high(); c++) {
                String quoted = StringNode.valueOf(Character.toString(c)).toString();
                options.add(Pattern.literal(quoted.substring(1, quoted.length() - 1)));
            }
        }
        return new Pattern.Choice(options);
    }

    /** A value as it is written without spaces. */
    static Pattern literal(JsonNode value) {
        return Pattern.literal(value.toString());
    }

    static Pattern member(Pattern key, Pattern value) {
        return Pattern.sequence(key, Pattern.literal(":"), SPACE, value);
    }

    static Pattern object(Pattern member, int min, int max) {
        return list("{", member, min, max, "}");
    }

    static Pattern array(Pattern item, int min, int max) {
        return list("[", item, min, max, "]");
    }

    private static Pattern list(String open, Pattern item, int min, int max, String close) {
        Pattern more = Pattern.sequence(comma(), item);
        Pattern some = Pattern.sequence(
                SPACE, item, new Pattern.Repeat(more, Math.max(0, min - 1), max < 0 ? -1 : max - 1), SPACE);
        Pattern none = min == 0 ? SPACE : Pattern.NOTHING;
        return Pattern.sequence(
                Pattern.literal(open), max == 0 ? none : Pattern.choice(some, none), Pattern.literal(close));
    }

    static Pattern comma() {
        return Pattern.sequence(Pattern.literal(","), SPACE);
    }

    /** A string that is none of {@code names}; what tells it from them is not written as an escape. */
    static Pattern stringExcept(List<String> names) {
        return Pattern.sequence(Pattern.literal("\""), tailExcept(names), Pattern.literal("\""));
    }

    private static Pattern tailExcept(List<String> names) {
        if (names.isEmpty()) {
            return Pattern.any(character());
        }
        Map<Integer, List<String>> byFirst = new TreeMap<>();
        CharSet others = ESCAPED.not();
        for (String name : names) {
            if (!name.isEmpty()) {
                int first = name.codePointAt(0);
                byFirst.computeIfAbsent(first, c -> new ArrayList<>()).add(name.substring(Character.charCount(first)));
                others = others.and(CharSet.of(first).not());
            }
        }
        List<Pattern> options = new ArrayList<>();
        options.add(names.contains("") ? Pattern.NOTHING : Pattern.EMPTY);
        options.add(Pattern.sequence(others.utf8(), Pattern.any(character())));
        byFirst.forEach(
                (first, tails) -> options.add(Pattern.sequence(inString(CharSet.of(first)), tailExcept(tails))));
        return new Pattern.Choice(options);
    }
}
