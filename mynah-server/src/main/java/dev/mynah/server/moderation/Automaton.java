package dev.mynah.server.moderation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;

/** Finds any number of words in one pass (Aho and Corasick 1975). A state is a number; 0 is the beginning. */
final class Automaton {
    static final int ROOT = 0;

    private final char[][] keys;
    private final int[][] targets;
    private final int[] fallback;
    private final int[] depth;
    private final WordPattern[][] found;
    // Where nearly every character leads to from the root: nowhere.
    private final int[] fromRoot = new int[Character.MAX_VALUE + 1];

    Automaton(List<WordPattern> patterns) {
        List<Node> nodes = trie(patterns);
        keys = new char[nodes.size()][];
        targets = new int[nodes.size()][];
        fallback = new int[nodes.size()];
        depth = nodes.stream().mapToInt(node -> node.depth).toArray();
        found = new WordPattern[nodes.size()][];
        for (int state = 0; state < nodes.size(); state++) {
            copy(state, nodes.get(state));
        }
        for (int i = 0; i < keys[ROOT].length; i++) {
            fromRoot[keys[ROOT][i]] = targets[ROOT][i];
        }
        link();
    }

    private static final class Node {
        private final int depth;
        private final TreeMap<Character, Integer> children = new TreeMap<>();
        private final List<WordPattern> words = new ArrayList<>();

        Node(int depth) {
            this.depth = depth;
        }
    }

    private static List<Node> trie(List<WordPattern> patterns) {
        List<Node> nodes = new ArrayList<>(List.of(new Node(0)));
        for (WordPattern pattern : patterns) {
            Node node = nodes.getFirst();
            for (char c : pattern.text().toCharArray()) {
                Integer next = node.children.get(c);
                if (next == null) {
                    next = nodes.size();
                    node.children.put(c, next);
                    nodes.add(new Node(node.depth + 1));
                }
                node = nodes.get(next);
            }
            node.words.add(pattern);
        }
        return nodes;
    }

    private void copy(int state, Node node) {
        keys[state] = new char[node.children.size()];
        targets[state] = new int[node.children.size()];
        int i = 0;
        for (var child : node.children.entrySet()) {
            keys[state][i] = child.getKey();
            targets[state][i++] = child.getValue();
        }
        found[state] = node.words.toArray(WordPattern[]::new);
    }

    /** Leads every state to the longest other one that it ends with, and gives it the words of that. */
    private void link() {
        Queue<Integer> queue = new ArrayDeque<>();
        for (int child : targets[ROOT]) {
            queue.add(child);
        }
        while (!queue.isEmpty()) {
            int state = queue.remove();
            for (int i = 0; i < keys[state].length; i++) {
                int child = targets[state][i];
                fallback[child] = next(fallback[state], keys[state][i]);
                WordPattern[] more = found[fallback[child]];
                if (more.length > 0) {
                    int own = found[child].length;
                    found[child] = Arrays.copyOf(found[child], own + more.length);
                    System.arraycopy(more, 0, found[child], own, more.length);
                }
                queue.add(child);
            }
        }
    }

    int next(int state, char c) {
        int from = state;
        while (from != ROOT) {
            int i = Arrays.binarySearch(keys[from], c);
            if (i >= 0) {
                return targets[from][i];
            }
            from = fallback[from];
        }
        return fromRoot[c];
    }

    /** The longest other state that this one ends with. */
    int fallback(int state) {
        return fallback[state];
    }

    /** How many characters led here. */
    int depth(int state) {
        return depth[state];
    }

    /** Whether more characters can make a word of these. */
    boolean isOpen(int state) {
        return keys[state].length > 0;
    }

    /** The words that end here. */
    WordPattern[] found(int state) {
        return found[state];
    }
}
