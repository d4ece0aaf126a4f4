package dev.mynah.engine.constrain;

import dev.mynah.engine.constrain.States.Place;
import dev.mynah.engine.constrain.States.State;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The tokens that a state allows, and which of them leave room for the end of the text. Most of a mask depends on the
 * node alone and is computed once: the walk through the vocabulary with whatever stack there is. Where that walk returns
 * from the rule it began in, it goes on with the real stack, which is a matter of few tokens (those with a quote in them,
 * within a JSON string). For one thread.
 */
final class Masks {
    /** Of nodes; the mask of one takes 19 kB for 150,000 tokens. */
    private static final int MAX_CACHED = 1024;
    /** With more places than this, one walk of the whole state costs less than one of each place. */
    private static final int MANY_PLACES = 64;
    /** Steps for one mask: about a second. What takes more is refused, since everybody waits for it. */
    private static final int MAX_WORK = 20_000_000;

    /** The tokens after which the text can be ended with those that are left, and those after which it cannot. */
    record Allowed(BitSet inTime, BitSet late) {
        /** The tokens from which the end is {@code toEnd} tokens away where {@code left} are left. */
        private BitSet of(int toEnd, int left) {
            return toEnd <= left ? inTime : late;
        }
    }

    /**
     * What a node allows as far as its rule reaches.
     *
     * @param level     how few tokens lead from the node to the rule's end
     * @param tokens    those that leave it at that, most of them
     * @param others    those that do not
     * @param distances how few tokens lead to the rule's end after each of these
     * @param leaves    the places in the vocabulary where the walk leaves the rule
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record NodeMask(int level, BitSet tokens, int[] others, int[] distances, int[] leaves) {
        void addTo(Allowed allowed, int left) {
            allowed.of(level, left).or(tokens);
            for (int i = 0; i < others.length; i++) {
                allowed.of(distances[i], left).set(others[i]);
            }
        }
    }

    /** Told of places in the vocabulary, and of where their bytes lead. */
    private interface Visitor {
        void visit(int place, State state);
    }

    private final Vocabulary vocabulary;
    private final States states;
    private final Map<Integer, NodeMask> cache = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, NodeMask> eldest) {
            return size() > MAX_CACHED;
        }
    };

    Masks(Vocabulary vocabulary, States states) {
        this.vocabulary = vocabulary;
        this.states = states;
    }

    /** What may come next where {@code left} more tokens may follow it. */
    Allowed allowed(State state, int left) {
        Allowed allowed = new Allowed(new BitSet(vocabulary.size()), new BitSet(vocabulary.size()));
        states.allowWork(MAX_WORK);
        if (state.places.size() > MANY_PLACES) {
            addBelow(vocabulary.root(), state, left, allowed);
        } else {
            state.places.forEach(place -> add(place, left, allowed));
        }
        allowed.late.andNot(allowed.inTime);
        return allowed;
    }

    private void add(Place place, int left, Allowed allowed) {
        NodeMask mask = cache.get(place.node());
        if (mask == null) {
            mask = mask(place.node());
            cache.put(place.node(), mask);
        }
        mask.addTo(allowed, left - place.afterRule());
        if (mask.leaves.length > 0) {
            State returned = states.returned(place.stack());
            for (int leave : mask.leaves) {
                addBelow(leave, returned, left, allowed);
            }
        }
    }

    private void addBelow(int place, State state, int left, Allowed allowed) {
        walk(place, state, (at, after) -> addTokens(at, allowed.of(after.toEnd, left)));
    }

    private NodeMask mask(int node) {
        State start = states.over(node);
        BitSet tokens = new BitSet(vocabulary.size());
        IntStream.Builder others = IntStream.builder();
        IntStream.Builder distances = IntStream.builder();
        IntStream.Builder leaves = IntStream.builder();
        walk(vocabulary.root(), start, (place, after) -> {
            if (after.toEnd == start.toEnd) {
                addTokens(place, tokens);
            } else {
                for (int token = vocabulary.firstToken(place); token >= 0; token = vocabulary.nextToken(token)) {
                    others.add(token);
                    distances.add(after.toEnd);
                }
            }
            if (after.leavesBottom && vocabulary.firstChild(place) >= 0) {
                leaves.add(place);
            }
        });
        return new NodeMask(
                start.toEnd,
                tokens,
                others.build().toArray(),
                distances.build().toArray(),
                leaves.build().toArray());
    }

    private void addTokens(int place, BitSet tokens) {
        for (int token = vocabulary.firstToken(place); token >= 0; token = vocabulary.nextToken(token)) {
            tokens.set(token);
        }
    }

    /** Visits the places below {@code at} whose bytes lead on from {@code state}. */
    private void walk(int at, State state, Visitor visitor) {
        for (int child = vocabulary.firstChild(at); child >= 0; child = vocabulary.nextSibling(child)) {
            State next = states.next(state, vocabulary.value(child));
            if (next != null) {
                states.work(1);
                visitor.visit(child, next);
                walk(child, next, visitor);
            }
        }
    }
}
