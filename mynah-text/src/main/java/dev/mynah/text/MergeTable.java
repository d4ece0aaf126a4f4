package dev.mynah.text;

import java.util.Arrays;
import java.util.List;

/** The rank of each pair of ids that merges: a hash table with open addressing, key and rank side by side, at most half full. */
final class MergeTable {

    /** The rank of a pair that does not merge: larger than every other. */
    static final int NONE = Integer.MAX_VALUE;

    private static final long EMPTY = -1;

    private final long[] slots;
    private final int shift;
    private final int[] results;

    MergeTable(List<BpeSpec.Merge> merges) {
        int bits = 64 - Long.numberOfLeadingZeros(Math.max(8, merges.size() * 2L - 1));
        slots = new long[2 << bits];
        Arrays.fill(slots, EMPTY);
        shift = 64 - bits;
        results = new int[merges.size()];
        for (int rank = 0; rank < results.length; rank++) {
            BpeSpec.Merge merge = merges.get(rank);
            results[rank] = merge.result();
            long key = key(merge.left(), merge.right());
            int slot = slotOf(key);
            slots[slot] = key;
            slots[slot + 1] = rank;
        }
    }

    int rank(int left, int right) {
        long key = key(left, right);
        int slot = slotOf(key);
        return slots[slot] == key ? (int) slots[slot + 1] : NONE;
    }

    /** The token that the merge of this rank forms. */
    int result(int rank) {
        return results[rank];
    }

    private int slotOf(long key) {
        int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> shift) << 1;
        while (slots[slot] != key && slots[slot] != EMPTY) {
            slot = (slot + 2) & (slots.length - 1);
        }
        return slot;
    }

    private static long key(int left, int right) {
        return ((long) left << 32) | right;
    }
}
