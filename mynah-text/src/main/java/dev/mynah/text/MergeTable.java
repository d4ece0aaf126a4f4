package dev.mynah.text;

import java.util.Arrays;
import java.util.List;

/**
 * The rank of each pair of ids that merges: a hash table with open addressing, at most half full, each slot one number
 * made of both ids and the rank.
 */
final class MergeTable {

    /** The rank of a pair that does not merge: larger than every other. */
    static final int NONE = Integer.MAX_VALUE;

    private static final int ID_BITS = 21;
    private static final int RANK_BITS = 22;

    /** Ids and ranks below these bounds fit into a slot. */
    static final int MAX_TOKENS = 1 << ID_BITS;

    static final int MAX_MERGES = 1 << RANK_BITS;

    private static final long EMPTY = -1;

    private final long[] slots;
    private final int shift;
    private final int[] results;

    /**
     * Whether a token is the left part of any merge, and whether it is the right part of any: most pairs are ruled out
     * by that.
     */
    private final boolean[] left;

    private final boolean[] right;

    /** @param tokens number of ids, at most {@link #MAX_TOKENS} */
    MergeTable(List<BpeSpec.Merge> merges, int tokens) {
        int bits = 64 - Long.numberOfLeadingZeros(Math.max(8, merges.size() * 2L - 1));
        slots = new long[1 << bits];
        Arrays.fill(slots, EMPTY);
        shift = 64 - bits;
        results = new int[merges.size()];
        left = new boolean[tokens];
        right = new boolean[tokens];
        for (int rank = 0; rank < results.length; rank++) {
            BpeSpec.Merge merge = merges.get(rank);
            results[rank] = merge.result();
            left[merge.left()] = true;
            right[merge.right()] = true;
            long key = key(merge.left(), merge.right());
            slots[slotOf(key)] = (key << RANK_BITS) | rank;
        }
    }

    int rank(int leftId, int rightId) {
        if (!left[leftId] || !right[rightId]) {
            return NONE;
        }
        long slot = slots[slotOf(key(leftId, rightId))];
        return slot == EMPTY ? NONE : (int) slot & (MAX_MERGES - 1);
    }

    /** The token that the merge of this rank forms. */
    int result(int rank) {
        return results[rank];
    }

    private int slotOf(long key) {
        int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> shift);
        while (slots[slot] >>> RANK_BITS != key && slots[slot] != EMPTY) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private static long key(int left, int right) {
        return ((long) left << ID_BITS) | right;
    }
}
