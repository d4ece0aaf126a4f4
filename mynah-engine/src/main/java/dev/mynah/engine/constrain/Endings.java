package dev.mynah.engine.constrain;

import java.util.Arrays;

/**
 * How few tokens lead from a node to the end of its rule: an upper bound, which a token that spans the ends of rules, or
 * an unusual way through a set of bytes, would undercut. So a text whose tokens run out can be brought to its end in time.
 */
final class Endings {
    /** More tokens than a text has; no way. */
    static final int FAR = 1 << 28;
    /** What is found stays true with fewer rounds than it takes to find the best; a stranger's grammar may take any number. */
    private static final int MAX_ROUNDS = 16;

    private final Automaton automaton;
    private final Vocabulary vocabulary;
    private final int[] tokens;
    /** Where a split leads on, by way of which {@link #tokens} was found; -1 for nowhere. Following them never ends where it began. */
    private final int[] ways;
    /** The places in the vocabulary that each byte leads to from its root, -1 for none. */
    private final int[] firstBytes = new int[256];

    Endings(Automaton automaton, Vocabulary vocabulary) {
        this.automaton = automaton;
        this.vocabulary = vocabulary;
        tokens = new int[automaton.size()];
        Arrays.fill(tokens, FAR);
        ways = new int[tokens.length];
        Arrays.fill(ways, -1);
        Arrays.fill(firstBytes, -1);
        int root = vocabulary.root();
        for (int child = vocabulary.firstChild(root); child >= 0; child = vocabulary.nextSibling(child)) {
            firstBytes[vocabulary.value(child)] = child;
        }
        boolean changed = true;
        for (int round = 0; changed && round < MAX_ROUNDS; round++) {
            changed = improve();
        }
    }

    /** Goes through the rules from the last to the first, and in each from its end to its beginning: mostly, what a node needs to know is found before. */
    private boolean improve() {
        boolean changed = false;
        int end = tokens.length;
        for (int start : automaton.blocks().reversed()) {
            for (int node = start; node < end; node++) {
                int fewest = fewest(node);
                if (fewest < tokens[node]) {
                    tokens[node] = fewest;
                    ways[node] = automaton.kind(node) == Automaton.SPLIT ? shorter(node) : -1;
                    changed = true;
                }
            }
            end = start;
        }
        return changed;
    }

    int of(int node) {
        return tokens[node];
    }

    private int fewest(int node) {
        return switch (automaton.kind(node)) {
            case Automaton.RETURN -> 0;
            case Automaton.SPLIT -> tokens[shorter(node)];
            case Automaton.CALL ->
                Math.min(FAR, tokens[automaton.next(automaton.other(node))] + tokens[automaton.next(node)]);
            default -> {
                int fewest = FAR;
                for (int value = automaton.low(node); value <= automaton.high(node); value++) {
                    fewest = Math.min(fewest, along(firstBytes[value], automaton.next(node)));
                }
                yield fewest;
            }
        };
    }

    /** With a token whose first bytes lead to {@code at} in the vocabulary and to {@code node}: it takes the shortest way on. */
    private int along(int at, int node) {
        int fewest = FAR;
        int place = at;
        int next = node;
        while (place >= 0) {
            while (next >= 0 && automaton.kind(next) == Automaton.SPLIT) {
                next = ways[next];
            }
            if (next < 0) {
                break;
            }
            if (vocabulary.firstToken(place) >= 0) {
                fewest = Math.min(fewest, tokens[next] + 1);
            }
            if (automaton.kind(next) != Automaton.TAKE) {
                break;
            }
            place = vocabulary.firstChild(place);
            while (place >= 0 && !automaton.takes(next, vocabulary.value(place))) {
                place = vocabulary.nextSibling(place);
            }
            next = automaton.next(next);
        }
        return fewest;
    }

    /** Of equal ways the second, which leaves a repetition. */
    private int shorter(int split) {
        int next = automaton.next(split);
        int other = automaton.other(split);
        return other >= 0 && tokens[other] <= tokens[next] ? other : next;
    }
}
