package dev.mynah.engine.constrain;

import dev.mynah.engine.constrain.States.Place;
import dev.mynah.engine.constrain.States.State;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a state allows. Most of a mask depends on the node alone and is computed once: the walk through the
 * vocabulary with whatever stack there is. Where that walk returns from the rule it began in, it goes on with the real
 * stack, which is a matter of few tokens (those with a quote in them, within a JSON string). For one thread.
 */
final class Masks {
    /** Of nodes; the mask of one takes 19 kB for 150,000 tokens. */
    private static final int MAX_CACHED = 1024;

    /** @param leaves the places in the vocabulary where the walk leaves the rule */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record NodeMask(BitSet tokens, int[] leaves) {}

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

    BitSet allowed(State state) {
        BitSet allowed = new BitSet(vocabulary.size());
        for (Place place : state.places) {
            NodeMask mask = cache.get(place.node());
            if (mask == null) {
                mask = mask(place.node());
                cache.put(place.node(), mask);
            }
            allowed.or(mask.tokens);
            if (mask.leaves.length > 0) {
                State returned = states.returned(place.stack());
                for (int leave : mask.leaves) {
                    walk(leave, returned, allowed, null);
                }
            }
        }
        return allowed;
    }

    private NodeMask mask(int node) {
        BitSet tokens = new BitSet(vocabulary.size());
        IntStream.Builder leaves = IntStream.builder();
        walk(vocabulary.root(), states.over(node), tokens, leaves);
        return new NodeMask(tokens, leaves.build().toArray());
    }

    /** Adds the tokens below {@code at} whose bytes lead on from {@code state}. */
    private void walk(int at, State state, BitSet tokens, IntStream.@Nullable Builder leaves) {
        for (int child = vocabulary.firstChild(at); child >= 0; child = vocabulary.nextSibling(child)) {
            State next = states.next(state, vocabulary.value(child));
            if (next == null) {
                continue;
            }
            for (int token = vocabulary.firstToken(child); token >= 0; token = vocabulary.nextToken(token)) {
                tokens.set(token);
            }
            if (leaves != null && next.leavesBottom && vocabulary.firstChild(child) >= 0) {
                leaves.add(child);
            }
            walk(child, next, tokens, leaves);
        }
    }
}
