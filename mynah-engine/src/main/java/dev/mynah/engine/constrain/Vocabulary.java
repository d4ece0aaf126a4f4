package dev.mynah.engine.constrain;

import dev.mynah.text.Tokenizer;
import java.util.Arrays;
import java.util.Set;

/**
 * The bytes of a tokenizer's tokens as a tree, which all of a model's constraints share. Special tokens and those that
 * end a text have no place in it. Immutable.
 */
public final class Vocabulary {
    private final Tokenizer tokenizer;
    private final int size;
    private final int[] ends;
    /** Node {@code n}'s byte, first child, next sibling, and first token; -1 for none. */
    private byte[] values = new byte[1024];

    private int[] children = new int[1024];
    private int[] siblings = new int[1024];
    private int[] tokens = new int[1024];
    /** The next token with the same bytes. */
    private final int[] sameBytes;

    private int count = 1;

    /** The tree for a tokenizer; {@code endIds} are the tokens that end a text. */
    public Vocabulary(Tokenizer tokenizer, Set<Integer> endIds) {
        this.tokenizer = tokenizer;
        size = tokenizer.vocabSize();
        ends = endIds.stream().mapToInt(Integer::intValue).sorted().toArray();
        sameBytes = new int[size];
        Arrays.fill(sameBytes, -1);
        children[0] = -1;
        siblings[0] = -1;
        tokens[0] = -1;
        for (int id = 0; id < size; id++) {
            byte[] bytes = tokenizer.bytes(id);
            if (bytes.length > 0 && !tokenizer.isSpecial(id) && !endIds.contains(id)) {
                add(id, bytes);
            }
        }
    }

    private void add(int id, byte[] bytes) {
        int node = 0;
        for (byte value : bytes) {
            node = child(node, value);
        }
        sameBytes[id] = tokens[node];
        tokens[node] = id;
    }

    private int child(int node, byte value) {
        int child = children[node];
        while (child >= 0 && values[child] != value) {
            child = siblings[child];
        }
        if (child >= 0) {
            return child;
        }
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
            children = Arrays.copyOf(children, 2 * count);
            siblings = Arrays.copyOf(siblings, 2 * count);
            tokens = Arrays.copyOf(tokens, 2 * count);
        }
        values[count] = value;
        children[count] = -1;
        siblings[count] = children[node];
        tokens[count] = -1;
        children[node] = count;
        return count++;
    }

    /** Number of tokens. */
    int size() {
        return size;
    }

    byte[] bytes(int token) {
        return tokenizer.bytes(token);
    }

    int[] ends() {
        return ends;
    }

    boolean isEnd(int token) {
        return Arrays.binarySearch(ends, token) >= 0;
    }

    int root() {
        return 0;
    }

    /** The node of the bytes of {@code text} from {@code from} on, or -1 where no token begins with them. */
    int find(byte[] text, int from) {
        int node = root();
        for (int i = from; i < text.length && node >= 0; i++) {
            node = children[node];
            while (node >= 0 && values[node] != text[i]) {
                node = siblings[node];
            }
        }
        return node;
    }

    int value(int node) {
        return values[node] & 0xFF;
    }

    int firstChild(int node) {
        return children[node];
    }

    int nextSibling(int node) {
        return siblings[node];
    }

    int firstToken(int node) {
        return tokens[node];
    }

    int nextToken(int token) {
        return sameBytes[token];
    }
}
