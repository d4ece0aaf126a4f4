package dev.mynah.text.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop}. Called, it runs a recursive loop over something else. */
final class Loop implements Callable {
    private final List<?> items;
    private final int depth;
    private final Callable recursion;
    int index;
    private @Nullable Object lastSeen;

    Loop(List<?> items, int depth, Callable recursion) {
        this.items = items;
        this.depth = depth;
        this.recursion = recursion;
    }

    int depth() {
        return depth;
    }

    @Override
    public Object call(Given given) {
        return recursion.call(given);
    }

    @Nullable
    Object attribute(String name) {
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> (long) items.size() - index;
            case "revindex0" -> items.size() - index - 1L;
            case "first" -> index == 0;
            case "last" -> index == items.size() - 1;
            case "length" -> (long) items.size();
            case "depth" -> depth + 1L;
            case "depth0" -> (long) depth;
            case "previtem" -> index == 0 ? null : items.get(index - 1);
            case "nextitem" -> index == items.size() - 1 ? null : items.get(index + 1);
            case "cycle" -> (Callable) this::cycle;
            case "changed" -> (Callable) this::changed;
            default -> null;
        };
    }

    private Object cycle(Given given) {
        if (given.positional().isEmpty()) {
            throw new JinjaException("loop.cycle needs values");
        }
        return given.positional().get(index % given.positional().size());
    }

    private Object changed(Given given) {
        boolean changed = lastSeen == null || !Values.equal(given.positional(), lastSeen, given.budget());
        lastSeen = given.positional();
        return changed;
    }
}
