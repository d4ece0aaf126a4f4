package dev.mynah.text.jinja;

import dev.mynah.text.MarkedText;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template can call. */
final class Functions {

    private Functions() {}

    static void addTo(Scope scope, Clock clock) {
        scope.set("range", (Callable) Functions::range);
        scope.set("dict", (Callable) given -> new LinkedHashMap<Object, Object>(named(given)));
        scope.set("namespace", (Callable) Functions::namespace);
        scope.set("raise_exception", (Callable) Functions::raise);
        scope.set("strftime_now", (Callable)
                given -> Values.text(Strftime.format(given.text(0, "format").text(), LocalDateTime.now(clock))));
        scope.set("joiner", (Callable) Functions::joiner);
        scope.set("cycler", (Callable) Functions::cycler);
    }

    private static Object range(Given given) {
        given.only("start", "stop", "step");
        boolean one = given.positional().size() == 1;
        long start = one ? 0 : given.integer(0, "start", 0);
        long stop = one ? given.integer(0, "stop", 0) : given.integer(1, "stop", 0);
        long step = given.integer(2, "step", 1);
        if (step == 0) {
            throw new JinjaException("the step of a range is 0");
        }
        long count = Math.max(0, Math.ceilDiv(stop - start, step));
        Operators.requireItems(count);
        given.budget().spend(count);
        List<Object> numbers = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            numbers.add(start + i * step);
        }
        return numbers;
    }

    private static Map<Object, Object> named(Given given) {
        Map<Object, Object> entries = new LinkedHashMap<>();
        if (!given.positional().isEmpty() && given.positional().getFirst() instanceof Map<?, ?> map) {
            given.budget().spend(map.size());
            entries.putAll(map);
        }
        given.named().forEach((name, value) -> entries.put(Values.text(name), value));
        return entries;
    }

    private static Object namespace(Given given) {
        Namespace namespace = new Namespace();
        named(given).forEach((name, value) -> namespace.attributes.put(name.toString(), value));
        return namespace;
    }

    private static Object raise(Given given) {
        MarkedText message = Values.string(given.get(0, "message"), given.budget());
        throw new JinjaException(
                "chat template: it refuses the conversation: " + message.text().strip());
    }

    private static Object joiner(Given given) {
        Object separator = given.get(0, "sep", Values.text(", "));
        boolean[] used = {false};
        return (Callable) again -> {
            Object value = used[0] ? separator : MarkedText.EMPTY;
            used[0] = true;
            return value;
        };
    }

    private static Object cycler(Given given) {
        if (given.positional().isEmpty()) {
            throw new JinjaException("cycler needs values");
        }
        int[] next = {0};
        Namespace cycler = new Namespace();
        cycler.attributes.put("next", (Callable)
                again -> given.positional().get(next[0]++ % given.positional().size()));
        return cycler;
    }
}
