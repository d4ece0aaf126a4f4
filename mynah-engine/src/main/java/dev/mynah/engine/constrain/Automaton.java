package dev.mynah.engine.constrain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A grammar as a graph: nodes that take a byte, split the way, call a rule, or return from one. Without calls it is a
 * non-deterministic finite automaton, with them one with a stack.
 */
final class Automaton {
    /** Node kinds. */
    static final byte TAKE = 0;

    static final byte SPLIT = 1;
    static final byte CALL = 2;
    static final byte RETURN = 3;

    private static final int MAX_NODES = 500_000;

    private final Map<String, Pattern> rules;
    private final Map<String, Integer> starts = new HashMap<>();
    private final Set<String> possible = new HashSet<>();
    /** Which patterns hold any text, as far as it is known which rules do. */
    private final IdentityHashMap<Pattern, Boolean> known = new IdentityHashMap<>();
    /** Rules that something calls and that are not built yet. */
    private final Deque<String> open = new ArrayDeque<>();
    /** The first node of each rule, in the order in which they were built. */
    private final List<Integer> blocks = new ArrayList<>();

    private byte[] kinds = new byte[64];
    private int[] lows = new int[64];
    private int[] highs = new int[64];
    /** The node after; of a call, where the rule returns to. */
    private int[] nexts = new int[64];
    /** Of a split, the other way; of a call, the rule's start. */
    private int[] others = new int[64];

    private int count;
    private int built;

    private final int start;

    /**
     * Builds the automaton for the rule {@code main} of {@code rules}.
     *
     * @throws IllegalArgumentException if no text fits, or the automaton would become too large
     */
    Automaton(Map<String, Pattern> rules, String main) {
        this.rules = rules;
        findPossible();
        if (!possible.contains(main)) {
            throw new IllegalArgumentException("no text at all fits what the output is constrained to");
        }
        int entry = rule(main);
        while (!open.isEmpty()) {
            buildRule(open.removeFirst());
        }
        start = nexts[entry];
    }

    /** The first node of each rule, whose nodes follow it; rules come before those that only they call. */
    List<Integer> blocks() {
        return blocks;
    }

    /** Number of nodes. */
    int size() {
        return count;
    }

    int start() {
        return start;
    }

    byte kind(int node) {
        return kinds[node];
    }

    /** The least byte that a node takes. */
    int low(int node) {
        return lows[node];
    }

    /** The greatest byte that a node takes. */
    int high(int node) {
        return highs[node];
    }

    boolean takes(int node, int value) {
        return lows[node] <= value && value <= highs[node];
    }

    int next(int node) {
        return nexts[node];
    }

    int other(int node) {
        return others[node];
    }

    /** The rules that hold any text: found from those that need no others up. */
    private void findPossible() {
        Map<String, Set<String>> callers = new HashMap<>();
        rules.forEach((rule, pattern) ->
                addCaller(rule, pattern, callers, Collections.newSetFromMap(new IdentityHashMap<>())));
        Deque<String> unsure = new ArrayDeque<>(rules.keySet());
        while (!unsure.isEmpty()) {
            String rule = unsure.removeFirst();
            if (!possible.contains(rule) && isPossible(pattern(rule))) {
                possible.add(rule);
                known.clear();
                unsure.addAll(callers.getOrDefault(rule, Set.of()));
            }
        }
    }

    /** Patterns stand in several places of others, so each is visited once. */
    private static void addCaller(String rule, Pattern pattern, Map<String, Set<String>> callers, Set<Pattern> seen) {
        if (!seen.add(pattern)) {
            return;
        }
        switch (pattern) {
            case Pattern.Bytes bytes -> {}
            case Pattern.Sequence sequence -> sequence.parts().forEach(part -> addCaller(rule, part, callers, seen));
            case Pattern.Choice choice -> choice.options().forEach(option -> addCaller(rule, option, callers, seen));
            case Pattern.Repeat repeat -> addCaller(rule, repeat.part(), callers, seen);
            case Pattern.Reference reference ->
                callers.computeIfAbsent(reference.rule(), key -> new HashSet<>())
                        .add(rule);
        }
    }

    private Pattern pattern(String rule) {
        return Objects.requireNonNull(rules.get(rule), rule);
    }

    private boolean isPossible(Pattern pattern) {
        Boolean before = known.get(pattern);
        if (before == null) {
            before = findsText(pattern);
            known.put(pattern, before);
        }
        return before;
    }

    private boolean findsText(Pattern pattern) {
        return switch (pattern) {
            case Pattern.Bytes bytes -> true;
            case Pattern.Sequence sequence -> sequence.parts().stream().allMatch(this::isPossible);
            case Pattern.Choice choice -> choice.options().stream().anyMatch(this::isPossible);
            case Pattern.Repeat repeat -> repeat.min() == 0 || isPossible(repeat.part());
            case Pattern.Reference reference -> possible.contains(reference.rule());
        };
    }

    /** Where a rule is called: a split that leads one way, so that it may be called before it is built. */
    private int rule(String name) {
        return starts.computeIfAbsent(name, key -> {
            open.add(key);
            return add(SPLIT, 0, 0, -1, -1);
        });
    }

    private void buildRule(String name) {
        blocks.add(count);
        int first = build(pattern(name), add(RETURN, 0, 0, -1, -1));
        nexts[rule(name)] = first;
    }

    /** The first node of {@code pattern}, which goes on at {@code next}. */
    private int build(Pattern pattern, int next) {
        if (++built > 4 * MAX_NODES) {
            throw tooLarge();
        }
        return switch (pattern) {
            case Pattern.Bytes bytes -> add(TAKE, bytes.low(), bytes.high(), next, -1);
            case Pattern.Sequence sequence -> {
                int node = next;
                for (Pattern part : sequence.parts().reversed()) {
                    node = build(part, node);
                }
                yield node;
            }
            case Pattern.Choice choice -> choice(choice.options(), next);
            case Pattern.Repeat repeat -> repeat(repeat, next);
            case Pattern.Reference reference -> add(CALL, 0, 0, next, rule(reference.rule()));
        };
    }

    private int choice(List<Pattern> options, int next) {
        List<Integer> ways = new ArrayList<>();
        for (Pattern option : options) {
            if (isPossible(option)) {
                ways.add(build(option, next));
            }
        }
        int node = ways.getLast();
        for (int i = ways.size() - 2; i >= 0; i--) {
            node = add(SPLIT, 0, 0, ways.get(i), node);
        }
        return node;
    }

    private int repeat(Pattern.Repeat repeat, int next) {
        if (!isPossible(repeat.part())) {
            return next;
        }
        int node = next;
        if (repeat.max() < 0) {
            int loop = add(SPLIT, 0, 0, -1, next);
            int first = build(repeat.part(), loop);
            nexts[loop] = first;
            node = loop;
        }
        for (int i = repeat.min(); i < repeat.max(); i++) {
            node = add(SPLIT, 0, 0, build(repeat.part(), node), next);
        }
        for (int i = 0; i < repeat.min(); i++) {
            node = build(repeat.part(), node);
        }
        return node;
    }

    private static IllegalArgumentException tooLarge() {
        return new IllegalArgumentException(
                "what the output is constrained to is too large: more than " + MAX_NODES + " places");
    }

    private int add(byte kind, int low, int high, int next, int other) {
        if (count == MAX_NODES) {
            throw tooLarge();
        }
        if (count == kinds.length) {
            kinds = Arrays.copyOf(kinds, 2 * count);
            lows = Arrays.copyOf(lows, 2 * count);
            highs = Arrays.copyOf(highs, 2 * count);
            nexts = Arrays.copyOf(nexts, 2 * count);
            others = Arrays.copyOf(others, 2 * count);
        }
        kinds[count] = kind;
        lows[count] = low;
        highs[count] = high;
        nexts[count] = next;
        others[count] = other;
        return count++;
    }
}
