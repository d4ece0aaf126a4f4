package dev.mynah.text.jinja;

import dev.mynah.text.MarkedText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.function.Function;

/** What can stand after {@code |}: the first value given is the one filtered. */
final class Filters {
    private static final Map<String, Function<Given, Object>> FILTERS = Map.ofEntries(
            Map.entry("trim", Filters::trim),
            Map.entry("tojson", JsonText::filter),
            Map.entry("length", Filters::length),
            Map.entry("count", Filters::length),
            Map.entry("default", Filters::otherwise),
            Map.entry("d", Filters::otherwise),
            Map.entry("string", Filters::text),
            Map.entry("safe", Filters::text),
            Map.entry("upper", given -> Strings.upper(text(given))),
            Map.entry("lower", given -> Strings.lower(text(given))),
            Map.entry("capitalize", given -> Strings.capitalize(text(given))),
            Map.entry("title", given -> Strings.title(text(given), c -> "-([{<".indexOf(c) >= 0 || Strings.isSpace(c))),
            Map.entry("replace", Filters::replace),
            Map.entry("indent", Filters::indent),
            Map.entry("int", Filters::whole),
            Map.entry("float", Filters::decimal),
            Map.entry(
                    "abs",
                    given -> Operators.compare(given.get(0, "value"), 0L, given.budget()) < 0
                            ? Operators.negative(given.get(0, "value"))
                            : given.get(0, "value")),
            Map.entry("round", Filters::round),
            Map.entry("list", given -> Values.items(given.get(0, "value"), given.budget())),
            Map.entry("items", ListFilters::items),
            Map.entry("dictsort", ListFilters::sortedItems),
            Map.entry("first", ListFilters::first),
            Map.entry("last", ListFilters::last),
            Map.entry("join", ListFilters::join),
            Map.entry("reverse", ListFilters::reverse),
            Map.entry("sort", ListFilters::sort),
            Map.entry("unique", ListFilters::unique),
            Map.entry("min", given -> ListFilters.extreme(given, -1)),
            Map.entry("max", given -> ListFilters.extreme(given, 1)),
            Map.entry("sum", ListFilters::sum),
            Map.entry("map", ListFilters::map),
            Map.entry("select", given -> ListFilters.select(given, false, true)),
            Map.entry("reject", given -> ListFilters.select(given, false, false)),
            Map.entry("selectattr", given -> ListFilters.select(given, true, true)),
            Map.entry("rejectattr", given -> ListFilters.select(given, true, false)));

    private Filters() {}

    static boolean has(String name) {
        return FILTERS.containsKey(name);
    }

    static Object apply(String name, Given given) {
        Function<Given, Object> filter = FILTERS.get(name);
        if (filter == null) {
            throw new JinjaException("there is no filter \"" + name + "\"");
        }
        return filter.apply(given);
    }

    private static MarkedText text(Given given) {
        MarkedText text = Values.string(given.get(0, "value"), given.budget());
        given.budget().spendText(text.length());
        return text;
    }

    private static Object trim(Given given) {
        MarkedText text = text(given.only("value", "chars"));
        if (given.get(1, "chars", None.NONE) instanceof MarkedText set) {
            given.budget().spendSearch(text.length(), set.length());
            return Strings.strip(text, c -> set.text().indexOf(c) >= 0, true, true);
        }
        return Strings.strip(text, Strings::isSpace, true, true);
    }

    private static Object length(Given given) {
        return switch (given.get(0, "value")) {
            case MarkedText text -> (long) Strings.length(text);
            case Object other -> (long) Values.items(other, given.budget()).size();
        };
    }

    private static Object otherwise(Given given) {
        Object value = given.only("value", "default_value", "boolean").get(0, "value");
        boolean missing = value instanceof Undefined || (given.truth(2, "boolean", false) && !Values.truth(value));
        return missing ? given.get(1, "default_value", MarkedText.EMPTY) : value;
    }

    private static Object replace(Given given) {
        return Strings.replace(
                text(given), given.text(1, "old"), given.text(2, "new"), given.integer(3, "count", -1), given.budget());
    }

    private static Object indent(Given given) {
        MarkedText text = text(given.only("value", "width", "first", "blank"));
        MarkedText indentation = given.get(1, "width", 4L) instanceof MarkedText own
                ? own
                : Values.text(" ".repeat(Math.clamp(given.integer(1, "width", 4), 0, 1000)));
        MarkedText.Builder result = new MarkedText.Builder();
        boolean first = true;
        for (Object each : Strings.lines(text.plus(Values.text("\n")), false)) {
            MarkedText line = (MarkedText) each;
            given.budget().spendMore(result.length(), (long) line.length() + indentation.length() + 1);
            boolean wanted =
                    first ? given.truth(2, "first", false) : line.length() > 0 || given.truth(3, "blank", false);
            result.append(Values.text(first ? "" : "\n"))
                    .append(wanted ? indentation : MarkedText.EMPTY)
                    .append(line);
            first = false;
        }
        return result.build();
    }

    private static Object whole(Given given) {
        Object value = given.get(0, "value");
        Object otherwise = given.get(1, "default", 0L);
        try {
            return switch (value) {
                case Long number -> number;
                case Boolean truth -> truth ? 1L : 0L;
                case Double number -> number.longValue();
                case MarkedText text when text.text().contains(".") -> (long) Double.parseDouble(text.text());
                case MarkedText text -> Long.valueOf(text.text().strip());
                default -> otherwise;
            };
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static Object decimal(Given given) {
        try {
            return switch (given.get(0, "value")) {
                case Long number -> number.doubleValue();
                case Double number -> number;
                case Boolean truth -> truth ? 1.0 : 0.0;
                case MarkedText text -> Double.valueOf(text.text());
                default -> given.get(1, "default", 0.0);
            };
        } catch (NumberFormatException e) {
            return given.get(1, "default", 0.0);
        }
    }

    private static Object round(Given given) {
        Object value = given.only("value", "precision", "method").get(0, "value");
        if (!(value instanceof Long) && !(value instanceof Double)) {
            throw new JinjaException("round needs a number, not " + Values.type(value));
        }
        RoundingMode mode = switch (given.get(2, "method", MarkedText.EMPTY).toString()) {
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> RoundingMode.HALF_EVEN;
        };
        int precision = Math.clamp(given.integer(1, "precision", 0), -300, 300);
        double number = ((Number) value).doubleValue();
        return Double.isFinite(number)
                ? new BigDecimal(number).setScale(precision, mode).doubleValue()
                : number;
    }
}
