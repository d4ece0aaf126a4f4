package dev.mynah.text;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Ids of pieces met lately, by their bytes: one entry a slot, a new one takes the place of the old. A piece is taken in
 * when its hash comes to its slot for the second time in a row,
 * as most pieces of a text without spaces, such as Chinese, never come again. Threads share the cache without locks:
 * entries are immutable and safe to read through a race, and one
 * that is lost is only encoded again.
 */
final class PieceCache {

    private static final int SLOTS = 1 << 15;

    /** Longer pieces seldom come again. */
    private static final int MAX_BYTES = 32;

    private final @Nullable Entry[] slots = new @Nullable Entry[SLOTS];

    /** The hash that last missed in each slot. */
    private final int[] missed = new int[SLOTS];

    /** Arrays here are never written to after construction. */
    private static final class Entry {
        final int hash;
        final byte[] piece;
        final int[] ids;

        Entry(int hash, byte[] piece, int[] ids) {
            this.hash = hash;
            this.piece = piece;
            this.ids = ids;
        }
    }

    int @Nullable [] get(int hash, byte[] text, int from, int to) {
        Entry entry = slots[hash & (SLOTS - 1)];
        boolean same = entry != null
                && entry.hash == hash
                && Arrays.equals(entry.piece, 0, entry.piece.length, text, from, to);
        return same ? entry.ids : null;
    }

    /** Takes note of a piece that was not there, and of the ids that {@code ids[idsFrom, idsTo)} are its. */
    void missed(int hash, byte[] text, int from, int to, int[] ids, int idsFrom, int idsTo) {
        int slot = hash & (SLOTS - 1);
        if (missed[slot] != hash) {
            missed[slot] = hash;
        } else if (to - from <= MAX_BYTES) {
            slots[slot] = new Entry(hash, Arrays.copyOfRange(text, from, to), Arrays.copyOfRange(ids, idsFrom, idsTo));
        }
    }
}
