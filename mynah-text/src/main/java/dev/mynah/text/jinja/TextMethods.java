package dev.mynah.text.jinja;

import dev.mynah.text.MarkedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Python's methods of strings. */
final class TextMethods {
    private static final Map<String, BiFunction<MarkedText, Given, Object>> METHODS = Map.ofEntries(
            Map.entry("strip", (text, given) -> strip(text, given, true, true)),
            Map.entry("lstrip", (text, given) -> strip(text, given, true, false)),
            Map.entry("rstrip", (text, given) -> strip(text, given, false, true)),
            Map.entry("split", (text, given) -> split(text, given, false)),
            Map.entry("rsplit", (text, given) -> split(text, given, true)),
            Map.entry("splitlines", (text, given) -> Strings.lines(text, given.truth(0, "keepends", false))),
            Map.entry(
                    "startswith",
                    (text, given) -> any(given, part -> text.text().startsWith(part))),
            Map.entry(
                    "endswith", (text, given) -> any(given, part -> text.text().endsWith(part))),
            Map.entry("upper", (text, given) -> Strings.upper(text)),
            Map.entry("lower", (text, given) -> Strings.lower(text)),
            Map.entry("capitalize", (text, given) -> Strings.capitalize(text)),
            Map.entry("title", (text, given) -> Strings.title(text, c -> !Character.isLetter(c))),
            Map.entry("replace", TextMethods::replace),
            Map.entry("find", (text, given) -> find(text, given, false)),
            Map.entry("rfind", (text, given) -> find(text, given, true)),
            Map.entry("index", (text, given) -> index(text, given, false)),
            Map.entry("rindex", (text, given) -> index(text, given, true)),
            Map.entry("count", TextMethods::count),
            Map.entry("join", (text, given) -> join(text, given.get(0, "iterable"), given.budget())),
            Map.entry("removeprefix", (text, given) -> remove(text, given.text(0, "prefix"), true)),
            Map.entry("removesuffix", (text, given) -> remove(text, given.text(0, "suffix"), false)),
            Map.entry("partition", (text, given) -> partition(text, given.text(0, "sep"), false)),
            Map.entry("rpartition", (text, given) -> partition(text, given.text(0, "sep"), true)),
            Map.entry("isdigit", (text, given) -> all(text, Character::isDigit)),
            Map.entry("isalpha", (text, given) -> all(text, Character::isLetter)),
            Map.entry("isalnum", (text, given) -> all(text, Character::isLetterOrDigit)),
            Map.entry("isspace", (text, given) -> all(text, Strings::isSpace)),
            Map.entry("isupper", (text, given) -> isCased(text, Character::isLowerCase, Character::isUpperCase)),
            Map.entry("islower", (text, given) -> isCased(text, Character::isUpperCase, Character::isLowerCase)));

    private TextMethods() {}

    static @Nullable Callable find(MarkedText text, String name) {
        BiFunction<MarkedText, Given, Object> method = METHODS.get(name);
        return method == null
                ? null
                : given -> {
                    given.budget().spendText(text.length());
                    return method.apply(text, given);
                };
    }

    private static MarkedText strip(MarkedText text, Given given, boolean left, boolean right) {
        Object chars = given.only("chars").get(0, "chars", None.NONE);
        if (chars instanceof MarkedText set) {
            given.budget().spendSearch(text.length(), set.length());
            return Strings.strip(text, c -> set.text().indexOf(c) >= 0, left, right);
        }
        return Strings.strip(text, Strings::isSpace, left, right);
    }

    private static List<Object> split(MarkedText text, Given given, boolean fromRight) {
        Object separator = given.only("sep", "maxsplit").get(0, "sep", None.NONE);
        int limit = given.integer(1, "maxsplit", -1);
        if (separator instanceof MarkedText by) {
            if (by.length() == 0) {
                throw new JinjaException("split needs a separator that is not empty");
            }
            given.budget().spendSearch(text.length(), by.length());
            return Strings.split(text, by.text(), limit, fromRight);
        }
        given.budget().spend(text.length());
        if (fromRight && limit >= 0) {
            throw new JinjaException("rsplit at whitespace with a limit is not supported");
        }
        return Strings.words(text, limit);
    }

    private interface Match {
        boolean test(String part);
    }

    private static boolean any(Given given, Match match) {
        if (given.get(0, "prefix") instanceof List<?> several) {
            return several.stream().anyMatch(part -> part instanceof MarkedText text && match.test(text.text()));
        }
        return match.test(given.text(0, "prefix").text());
    }

    private static MarkedText replace(MarkedText text, Given given) {
        return Strings.replace(
                text, given.text(0, "old"), given.text(1, "new"), given.integer(2, "count", -1), given.budget());
    }

    private static Long find(MarkedText text, Given given, boolean last) {
        String part = given.only("sub").text(0, "sub").text();
        given.budget().spendSearch(text.length(), part.length());
        int at = last ? text.text().lastIndexOf(part) : text.text().indexOf(part);
        return at < 0 ? -1L : (long) text.text().codePointCount(0, at);
    }

    private static Long index(MarkedText text, Given given, boolean last) {
        Long at = find(text, given, last);
        if (at < 0) {
            throw new JinjaException("index found no such part of the string");
        }
        return at;
    }

    private static Long count(MarkedText text, Given given) {
        MarkedText part = given.only("sub").text(0, "sub");
        if (part.length() == 0) {
            return Strings.length(text) + 1L;
        }
        given.budget().spendSearch(text.length(), part.length());
        return Strings.split(text, part.text(), -1, false).size() - 1L;
    }

    static MarkedText join(MarkedText separator, Object items, Budget budget) {
        MarkedText.Builder result = new MarkedText.Builder();
        boolean first = true;
        for (Object item : Values.items(items, budget)) {
            MarkedText text = Values.string(item, budget);
            budget.spendMore(result.length(), (long) text.length() + separator.length());
            result.append(first ? MarkedText.EMPTY : separator).append(text);
            first = false;
        }
        return result.build();
    }

    private static MarkedText remove(MarkedText text, MarkedText part, boolean prefix) {
        if (prefix) {
            return text.text().startsWith(part.text()) ? text.substring(part.length(), text.length()) : text;
        }
        return text.text().endsWith(part.text()) ? text.substring(0, text.length() - part.length()) : text;
    }

    private static List<Object> partition(MarkedText text, MarkedText separator, boolean last) {
        int at = last ? text.text().lastIndexOf(separator.text()) : text.text().indexOf(separator.text());
        if (at < 0) {
            return last
                    ? List.of(MarkedText.EMPTY, MarkedText.EMPTY, text)
                    : List.of(text, MarkedText.EMPTY, MarkedText.EMPTY);
        }
        int after = at + separator.length();
        return new ArrayList<>(List.of(text.substring(0, at), separator, text.substring(after, text.length())));
    }

    private static boolean all(MarkedText text, IntPredicate holds) {
        return text.length() > 0 && text.text().codePoints().allMatch(holds);
    }

    private static boolean isCased(MarkedText text, IntPredicate never, IntPredicate once) {
        return text.text().codePoints().noneMatch(never)
                && text.text().codePoints().anyMatch(once);
    }
}
