package dev.mynah.text.jinja;

import dev.mynah.text.MarkedText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The filters of lists and mappings. */
final class ListFilters {

    private ListFilters() {}

    private static List<?> list(Given given) {
        return Values.items(given.get(0, "value"), given.budget());
    }

    static Object items(Given given) {
        return switch (given.get(0, "value")) {
            case Map<?, ?> map -> ContainerMethods.items(map, given.budget());
            case Undefined undefined -> List.of();
            case Object other -> throw new JinjaException("items needs a mapping, not " + Values.type(other));
        };
    }

    static Object sortedItems(Given given) {
        given.only("value", "case_sensitive", "by", "reverse");
        if (!(given.get(0, "value") instanceof Map<?, ?> map)) {
            throw new JinjaException("dictsort needs a mapping, not " + Values.type(given.get(0, "value")));
        }
        int by = given.get(2, "by", MarkedText.EMPTY).toString().equals("value") ? 1 : 0;
        List<Object> items = ContainerMethods.items(map, given.budget());
        UnaryOperator<Object> key = folded(given, 1);
        items.sort(order(given, 3, item -> key.apply(((List<?>) item).get(by))));
        return items;
    }

    /** What decides the order: text without its case, unless {@code case_sensitive}. */
    private static UnaryOperator<Object> folded(Given given, int caseSensitive) {
        boolean sensitive = given.truth(caseSensitive, "case_sensitive", false);
        return value -> {
            if (sensitive || !(value instanceof MarkedText text)) {
                return value;
            }
            given.budget().spendText(text.length());
            return Strings.lower(text);
        };
    }

    private static Comparator<Object> order(Given given, int reverse, UnaryOperator<Object> key) {
        Comparator<Object> order = (a, b) -> Operators.compare(key.apply(a), key.apply(b), given.budget());
        return given.truth(reverse, "reverse", false) ? order.reversed() : order;
    }

    static Object first(Given given) {
        List<?> list = list(given);
        return list.isEmpty() ? new Undefined("first item") : list.getFirst();
    }

    static Object last(Given given) {
        List<?> list = list(given);
        return list.isEmpty() ? new Undefined("last item") : list.getLast();
    }

    static Object join(Given given) {
        given.only("value", "d", "attribute");
        MarkedText separator = Values.string(given.get(1, "d", MarkedText.EMPTY), given.budget());
        Object items = given.get(0, "value");
        if (given.has(2, "attribute")) {
            Object path = given.get(2, "attribute");
            List<Object> values = new ArrayList<>();
            list(given).forEach(item -> values.add(attribute(item, path)));
            items = values;
        }
        return TextMethods.join(separator, items, given.budget());
    }

    static Object reverse(Given given) {
        if (given.get(0, "value") instanceof MarkedText text) {
            return TextMethods.join(MarkedText.EMPTY, Strings.characters(text).reversed(), given.budget());
        }
        return new ArrayList<Object>(list(given).reversed());
    }

    static Object sort(Given given) {
        given.only("value", "reverse", "case_sensitive", "attribute");
        List<Object> items = new ArrayList<>(list(given));
        UnaryOperator<Object> key = folded(given, 2);
        Object path = given.get(3, "attribute", None.NONE);
        items.sort(order(given, 1, item -> key.apply(path == None.NONE ? item : attribute(item, path))));
        return items;
    }

    static Object unique(Given given) {
        UnaryOperator<Object> key = folded(given, 1);
        Map<Object, Object> seen = new LinkedHashMap<>();
        list(given).forEach(item -> seen.putIfAbsent(Values.key(key.apply(item)), item));
        return new ArrayList<>(seen.values());
    }

    static Object extreme(Given given, int sign) {
        UnaryOperator<Object> key = folded(given, 1);
        Object best = new Undefined("item");
        for (Object item : list(given)) {
            if (best instanceof Undefined
                    || sign * Operators.compare(key.apply(item), key.apply(best), given.budget()) > 0) {
                best = item;
            }
        }
        return best;
    }

    static Object sum(Given given) {
        given.only("value", "attribute", "start");
        Object path = given.get(1, "attribute", None.NONE);
        Object sum = given.get(2, "start", 0L);
        for (Object item : list(given)) {
            sum = Operators.binary("+", sum, path == None.NONE ? item : attribute(item, path), given.budget());
        }
        return sum;
    }

    static Object map(Given given) {
        List<Object> mapped = new ArrayList<>();
        if (given.named().containsKey("attribute")) {
            Object path = given.get(1, "attribute");
            for (Object item : list(given)) {
                Object value = attribute(item, path);
                mapped.add(value instanceof Undefined ? given.named().getOrDefault("default", value) : value);
            }
            return mapped;
        }
        String filter = given.text(1, "filter").text();
        for (Object item : list(given)) {
            mapped.add(Filters.apply(filter, forItem(given, item, 2)));
        }
        return mapped;
    }

    static Object select(Given given, boolean byAttribute, boolean wanted) {
        int test = byAttribute ? 2 : 1;
        List<Object> selected = new ArrayList<>();
        for (Object item : list(given)) {
            Object value = byAttribute ? attribute(item, given.get(1, "attribute")) : item;
            boolean holds = given.positional().size() > test
                    ? Tests.holds(given.text(test, "test").text(), forItem(given, value, test + 1))
                    : Values.truth(value);
            if (holds == wanted) {
                selected.add(item);
            }
        }
        return selected;
    }

    /** {@code item}, then what was given from {@code from} on. */
    private static Given forItem(Given given, Object item, int from) {
        List<Object> values = new ArrayList<>(List.of(item));
        values.addAll(given.positional().subList(from, given.positional().size()));
        return new Given(given.what(), values, given.named(), given.budget());
    }

    /** The value at {@code path}, names and numbers with dots between them. */
    private static Object attribute(Object item, Object path) {
        if (path instanceof Long) {
            return Access.item(item, path);
        }
        Object value = item;
        for (String name : path.toString().split("\\.", 20)) {
            boolean number =
                    !name.isEmpty() && name.length() < 10 && name.chars().allMatch(c -> c >= '0' && c <= '9');
            value = Access.item(value, number ? Long.valueOf(name) : Values.text(name));
        }
        return value;
    }
}
