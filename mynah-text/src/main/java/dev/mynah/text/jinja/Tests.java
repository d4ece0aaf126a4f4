package dev.mynah.text.jinja;

import dev.mynah.text.MarkedText;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What can stand after {@code is}: the first value given is the one tested. */
final class Tests {
    private static final Map<String, Predicate<Given>> TESTS = Map.ofEntries(
            Map.entry("defined", given -> !(value(given) instanceof Undefined)),
            Map.entry("undefined", given -> value(given) instanceof Undefined),
            Map.entry("none", given -> value(given) instanceof None),
            Map.entry("boolean", given -> value(given) instanceof Boolean),
            Map.entry("true", given -> value(given).equals(true)),
            Map.entry("false", given -> value(given).equals(false)),
            Map.entry("integer", given -> value(given) instanceof Long || value(given) instanceof BigInteger),
            Map.entry("float", given -> value(given) instanceof Double),
            Map.entry("number", given -> Values.isNumber(value(given)) || value(given) instanceof Boolean),
            Map.entry("string", given -> value(given) instanceof MarkedText),
            Map.entry("mapping", given -> value(given) instanceof Map),
            Map.entry("sequence", given -> isIterable(value(given))),
            Map.entry("iterable", given -> isIterable(value(given))),
            Map.entry("callable", given -> value(given) instanceof Callable),
            Map.entry("sameas", Tests::same),
            Map.entry("odd", given -> floorMod(given, 2) == 1),
            Map.entry("even", given -> floorMod(given, 2) == 0),
            Map.entry("divisibleby", given -> floorMod(given, given.integer(1, "num", 0)) == 0),
            Map.entry("upper", given -> text(given).equals(Strings.upper(text(given))) && hasLetters(given)),
            Map.entry("lower", given -> text(given).equals(Strings.lower(text(given))) && hasLetters(given)),
            Map.entry("in", given -> compares("in", given)),
            Map.entry("eq", given -> compares("==", given)),
            Map.entry("equalto", given -> compares("==", given)),
            Map.entry("ne", given -> compares("!=", given)),
            Map.entry("lt", given -> compares("<", given)),
            Map.entry("lessthan", given -> compares("<", given)),
            Map.entry("le", given -> compares("<=", given)),
            Map.entry("gt", given -> compares(">", given)),
            Map.entry("greaterthan", given -> compares(">", given)),
            Map.entry("ge", given -> compares(">=", given)));

    private Tests() {}

    static boolean has(String name) {
        return TESTS.containsKey(name);
    }

    static boolean holds(String name, Given given) {
        Predicate<Given> test = TESTS.get(name);
        if (test == null) {
            throw new JinjaException("there is no test \"" + name + "\"");
        }
        return test.test(given);
    }

    private static Object value(Given given) {
        return given.positional().getFirst();
    }

    private static boolean isIterable(Object value) {
        return value instanceof MarkedText
                || value instanceof List
                || value instanceof Map
                || value instanceof Undefined;
    }

    private static boolean same(Given given) {
        return value(given).equals(given.get(1, "other"));
    }

    private static long floorMod(Given given, long divisor) {
        if (value(given) instanceof Long number && divisor != 0) {
            return Math.floorMod(number, divisor);
        }
        throw new JinjaException(given.what() + " needs whole numbers, and none that is 0 to divide by");
    }

    private static MarkedText text(Given given) {
        return Values.string(value(given), given.budget());
    }

    private static boolean hasLetters(Given given) {
        return text(given).text().codePoints().anyMatch(Character::isLetter);
    }

    private static boolean compares(String operator, Given given) {
        return Operators.compares(operator, value(given), given.get(1, "other"), given.budget());
    }
}
