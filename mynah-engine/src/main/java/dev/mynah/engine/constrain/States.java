package dev.mynah.engine.constrain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where an automaton can be, made as they are reached: equal ones are one object, and remember where each byte leads. So
 * a regular expression becomes a deterministic automaton, as far as it is used. For one thread.
 */
final class States {
    private static final int MAX_STATES = 50_000;
    private static final int MAX_PLACES = 20_000;

    /**
     * The return addresses of the rules that were called; equal ones are one object.
     *
     * @param toEnd how few tokens lead from there to the end of the text, see {@link Endings}
     */
    record Frame(int node, @Nullable Frame below, int depth, int toEnd) {
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private static final int MAX_DEPTH = 10_000;

    private record FrameKey(int node, @Nullable Frame below) {}

    /** A node that takes a byte, and what is to be done afterwards. */
    record Place(int node, @Nullable Frame stack) {
        /** How few tokens lead from where the rule returns to, to the end of the text. */
        int afterRule() {
            return stack == null ? 0 : stack.toEnd;
        }
    }

    /** A set of places. */
    static final class State {
        final List<Place> places;
        /** Whether the text may end here. */
        final boolean accepts;
        /** The stacks that the walk left beneath {@link States#bottom}: none but in walks that began there. */
        final boolean leavesBottom;
        /** How few tokens lead to the end of the text, or beneath {@link States#bottom} (see {@link Endings}). */
        final int toEnd;

        private final @Nullable State[] next = new State[256];
        private final boolean[] known = new boolean[256];

        private State(List<Place> places, boolean accepts, boolean leavesBottom, int toEnd) {
            this.places = places;
            this.accepts = accepts;
            this.leavesBottom = leavesBottom;
            this.toEnd = toEnd;
        }
    }

    private record StateKey(Set<Place> places, boolean accepts, boolean leavesBottom) {}

    private final Automaton automaton;
    private final Endings endings;
    private final Map<FrameKey, Frame> frames = new HashMap<>();
    private final Map<StateKey, State> states = new HashMap<>();
    /** Stands for whatever stack there is. */
    final Frame bottom = new Frame(-1, null, 0, 0);

    private int workLeft = MAX_PLACES;

    States(Automaton automaton, Endings endings) {
        this.automaton = automaton;
        this.endings = endings;
    }

    State start() {
        return closure(List.of(new Place(automaton.start(), null)));
    }

    /** How much may be done until this is called again; see {@link #work}. */
    void allowWork(int steps) {
        workLeft = steps;
    }

    /**
     * Counts what was done.
     *
     * @throws IllegalArgumentException if it was more than allowed
     */
    void work(int steps) {
        workLeft -= steps;
        if (workLeft < 0) {
            throw tooAmbiguous();
        }
    }

    private static IllegalArgumentException tooAmbiguous() {
        return new IllegalArgumentException(
                "what the output is constrained to is too ambiguous, or calls itself without end");
    }

    /** Only {@code node}, over whatever stack there is. */
    State over(int node) {
        return closure(List.of(new Place(node, bottom)));
    }

    /** Where a rule returns to with {@code stack}. */
    State returned(@Nullable Frame stack) {
        return stack == null
                ? state(new LinkedHashSet<>(), true, false)
                : closure(List.of(new Place(stack.node, stack.below)));
    }

    /** Where {@code value} leads, or null for nowhere. */
    @Nullable
    State next(State state, int value) {
        if (!state.known[value]) {
            List<Place> after = new ArrayList<>();
            for (Place place : state.places) {
                if (automaton.takes(place.node, value)) {
                    after.add(new Place(automaton.next(place.node), place.stack));
                }
            }
            state.next[value] = after.isEmpty() ? null : closure(after);
            state.known[value] = true;
        }
        return state.next[value];
    }

    /** The places that take a byte and are reached from {@code from} without one. */
    private State closure(List<Place> from) {
        List<Place> open = new ArrayList<>(from);
        Set<Place> seen = new HashSet<>(from);
        Set<Place> places = new LinkedHashSet<>();
        boolean accepts = false;
        boolean leaves = false;
        while (!open.isEmpty()) {
            Place place = open.removeLast();
            int node = place.node;
            switch (automaton.kind(node)) {
                case Automaton.TAKE -> places.add(place);
                case Automaton.SPLIT -> {
                    visit(new Place(automaton.next(node), place.stack), seen, open);
                    if (automaton.other(node) >= 0) {
                        visit(new Place(automaton.other(node), place.stack), seen, open);
                    }
                }
                case Automaton.CALL ->
                    visit(new Place(automaton.other(node), push(automaton.next(node), place.stack)), seen, open);
                default -> {
                    if (place.stack == null) {
                        accepts = true;
                    } else if (place.stack.depth == bottom.depth) {
                        leaves = true;
                    } else {
                        visit(new Place(place.stack.node, place.stack.below), seen, open);
                    }
                }
            }
        }
        work(seen.size());
        return state(places, accepts, leaves);
    }

    private static void visit(Place place, Set<Place> seen, List<Place> open) {
        if (seen.add(place)) {
            if (seen.size() > MAX_PLACES) {
                throw tooAmbiguous();
            }
            open.add(place);
        }
    }

    /** Nothing is pushed where the rule called from has nothing left to do, so that lists need no stack. */
    private @Nullable Frame push(int node, @Nullable Frame stack) {
        int target = node;
        while (automaton.kind(target) == Automaton.SPLIT && automaton.other(target) < 0) {
            target = automaton.next(target);
        }
        if (automaton.kind(target) == Automaton.RETURN) {
            return stack;
        }
        int depth = stack == null ? 1 : stack.depth + 1;
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("the output is nested more than " + MAX_DEPTH + " deep");
        }
        int toEnd = toEnd(new Place(target, stack));
        return frames.computeIfAbsent(new FrameKey(target, stack), key -> new Frame(key.node, key.below, depth, toEnd));
    }

    private State state(Set<Place> places, boolean accepts, boolean leaves) {
        if (states.size() > MAX_STATES) {
            states.clear();
        }
        return states.computeIfAbsent(new StateKey(places, accepts, leaves), key -> {
            int toEnd = accepts || leaves
                    ? 0
                    : places.stream().mapToInt(this::toEnd).min().orElse(Endings.FAR);
            return new State(List.copyOf(places), accepts, leaves, toEnd);
        });
    }

    private int toEnd(Place place) {
        return Math.min(Endings.FAR, endings.of(place.node) + place.afterRule());
    }
}
