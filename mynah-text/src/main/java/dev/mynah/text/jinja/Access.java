package dev.mynah.text.jinja;

import dev.mynah.text.MarkedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code .name}, {@code [index]} and {@code [start:stop:step]} give. */
final class Access {

    private Access() {}

    static Object attribute(Object target, String name) {
        return switch (target) {
            case Undefined undefined -> throw undefined.used();
            case Namespace namespace -> found(namespace.attributes.get(name), name);
            case MarkedText text -> found(TextMethods.find(text, name), name);
            case List<?> list -> found(ContainerMethods.find(list, name), name);
            case Map<?, ?> map -> {
                Callable method = ContainerMethods.find(map, name);
                yield method != null ? method : found(map.get(Values.text(name)), name);
            }
            case Loop loop -> found(loop.attribute(name), name);
            default -> new Undefined(name);
        };
    }

    private static Object found(@Nullable Object value, String name) {
        return value == null ? new Undefined(name) : value;
    }

    static Object item(Object target, Object index) {
        if (target instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (target instanceof Map<?, ?> map) {
            Object value = index instanceof Undefined ? null : map.get(Values.key(index));
            if (value != null) {
                return value;
            }
        }
        return switch (index) {
            case Long number
            when target instanceof List<?> list ->
                inside(number, list.size()) ? list.get(position(number, list.size())) : missing(number);
            case Long number
            when target instanceof MarkedText text -> {
                int length = Strings.length(text);
                yield inside(number, length) ? Strings.slice(text, List.of(position(number, length))) : missing(number);
            }
            case MarkedText name -> attribute(target, name.text());
            default -> new Undefined("item " + Values.type(index));
        };
    }

    private static boolean inside(long index, int size) {
        return index >= -size && index < size;
    }

    private static int position(long index, int size) {
        return (int) (index < 0 ? index + size : index);
    }

    private static Undefined missing(long index) {
        return new Undefined("item " + index);
    }

    static Object slice(Object target, Object start, Object stop, Object step, Budget budget) {
        if (target instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (!(target instanceof MarkedText) && !(target instanceof List)) {
            throw new JinjaException(Values.type(target) + " cannot be sliced");
        }
        int size = target instanceof MarkedText text ? Strings.length(text) : ((List<?>) target).size();
        budget.spend(1 + size / (target instanceof MarkedText ? 4 : 1));
        List<Integer> indexes = indexes(bound(start), bound(stop), bound(step), size);
        if (target instanceof MarkedText text) {
            return Strings.slice(text, indexes);
        }
        List<Object> items = new ArrayList<>();
        indexes.forEach(index -> items.add(((List<?>) target).get(index)));
        return items;
    }

    private static @Nullable Long bound(Object value) {
        return switch (value) {
            case None none -> null;
            case Long number -> number;
            default -> throw new JinjaException("a slice needs whole numbers, not " + Values.type(value));
        };
    }

    /** As Python's {@code slice.indices}. */
    private static List<Integer> indexes(@Nullable Long start, @Nullable Long stop, @Nullable Long by, int size) {
        long step = by == null ? 1 : by;
        if (step == 0) {
            throw new JinjaException("the step of a slice is 0");
        }
        long low = step > 0 ? 0 : -1;
        long high = step > 0 ? size : size - 1L;
        long from = start == null ? (step > 0 ? low : high) : Math.clamp(start < 0 ? start + size : start, low, high);
        long to = stop == null ? (step > 0 ? high : low) : Math.clamp(stop < 0 ? stop + size : stop, low, high);
        List<Integer> indexes = new ArrayList<>();
        long jump = Math.clamp(step, -size - 1L, size + 1L);
        for (long i = from; step > 0 ? i < to : i > to; i += jump) {
            indexes.add((int) i);
        }
        return indexes;
    }
}
