package dev.mynah.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Python's methods of mappings and lists; those that change them are refused, as in the reference's sandbox. */
final class ContainerMethods {
    private static final Set<String> MAP_CHANGES = Set.of("clear", "pop", "popitem", "setdefault", "update");
    private static final Set<String> LIST_CHANGES =
            Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

    private ContainerMethods() {}

    static @Nullable Callable find(Map<?, ?> map, String name) {
        return switch (name) {
            case "get" -> given -> get(map, given.only("key", "default"));
            case "items" -> given -> items(map, given.budget());
            case "keys" -> given -> Values.items(map, given.budget());
            case "values" ->
                given -> {
                    given.budget().spend(map.size());
                    return new ArrayList<Object>(map.values());
                };
            case "copy" ->
                given -> {
                    given.budget().spend(map.size());
                    return new LinkedHashMap<Object, Object>(map);
                };
            default -> MAP_CHANGES.contains(name) ? refused(name) : null;
        };
    }

    private static Object get(Map<?, ?> map, Given given) {
        Object key = given.get(0, "key");
        Object value = key instanceof Undefined ? null : map.get(Values.key(key));
        return value == null ? given.get(1, "default", None.NONE) : value;
    }

    /** Pairs of key and value. */
    static List<Object> items(Map<?, ?> map, Budget budget) {
        budget.spend(map.size());
        List<Object> items = new ArrayList<>();
        map.forEach((key, value) -> items.add(List.of(key, value)));
        return items;
    }

    static @Nullable Callable find(List<?> list, String name) {
        return switch (name) {
            case "index" -> given -> index(list, given);
            case "count" -> given -> count(list, given);
            case "copy" -> given -> Values.items(list, given.budget());
            default -> LIST_CHANGES.contains(name) ? refused(name) : null;
        };
    }

    private static Object index(List<?> list, Given given) {
        Object item = given.only("value").get(0, "value");
        for (int i = 0; i < list.size(); i++) {
            if (Values.equal(list.get(i), item, given.budget())) {
                return (long) i;
            }
        }
        throw new JinjaException("index found no such item in the list");
    }

    private static Object count(List<?> list, Given given) {
        Object item = given.only("value").get(0, "value");
        return list.stream()
                .filter(each -> Values.equal(each, item, given.budget()))
                .count();
    }

    private static Callable refused(String name) {
        return given -> {
            throw new JinjaException("\"" + name + "\" would change a value, which a chat template may not");
        };
    }
}
