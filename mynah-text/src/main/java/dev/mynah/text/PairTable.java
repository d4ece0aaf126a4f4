package dev.mynah.text;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How often each pair of tokens stands together while merges are learnt, and in which words: a hash table with open
 * addressing.
 */
final class PairTable {

    /**
     * A pair of ids, how often it occurs, and indices of all words that may have it (and of some that no longer do).
     */
    static final class Pair {
        final int left;
        final int right;
        long count;
        private int[] words = new int[1];
        private int size;

        private Pair(int left, int right) {
            this.left = left;
            this.right = right;
        }

        void addWord(int word) {
            if (size > 0 && words[size - 1] == word) {
                return;
            }
            if (size == words.length) {
                words = Arrays.copyOf(words, size + Math.max(1, size >> 1));
            }
            words[size++] = word;
        }

        /** Hands over the words and forgets them. */
        int[] takeWords() {
            int[] taken = Arrays.copyOf(words, size);
            words = new int[1];
            size = 0;
            return taken;
        }

        long key() {
            return PairTable.key(left, right);
        }
    }

    private @Nullable Pair[] slots = new @Nullable Pair[1 << 12];
    private int size;

    /** The pair, new where it was not there. */
    Pair pair(int left, int right) {
        int slot = slotOf(left, right);
        Pair pair = slots[slot];
        if (pair == null) {
            pair = new Pair(left, right);
            slots[slot] = pair;
            if (++size * 2 > slots.length) {
                rehash();
            }
        }
        return pair;
    }

    /** Every pair there is, in no order. */
    Iterable<Pair> pairs() {
        return () -> Arrays.stream(slots).filter(pair -> pair != null).iterator();
    }

    private void rehash() {
        @Nullable Pair[] old = slots;
        slots = new @Nullable Pair[old.length * 2];
        for (Pair pair : old) {
            if (pair != null) {
                slots[slotOf(pair.left, pair.right)] = pair;
            }
        }
    }

    private int slotOf(int left, int right) {
        int mask = slots.length - 1;
        int slot = (int) ((key(left, right) * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        for (Pair pair = slots[slot]; pair != null; pair = slots[slot]) {
            if (pair.left == left && pair.right == right) {
                break;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static long key(int left, int right) {
        return ((long) left << 32) | right;
    }
}
