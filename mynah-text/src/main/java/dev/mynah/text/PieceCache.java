package dev.mynah.text;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Ids of pieces met lately, by their bytes: one entry a slot, a new one takes the place of the old. Threads share it without locks: entries are immutable and safe to read through a
 * race, and one that is lost is only encoded again.
 */
final class PieceCache {

    private static final int SLOTS = 1 << 14;

    /** Longer pieces seldom come again. */
    private static final int MAX_BYTES = 64;

    private final @Nullable Entry[] slots = new @Nullable Entry[SLOTS];

    /** Arrays here are never written to after construction. */
    private static final class Entry {
        final byte[] piece;
        final int[] ids;

        Entry(byte[] piece, int[] ids) {
            this.piece = piece;
            this.ids = ids;
        }
    }

    int @Nullable [] get(int hash, byte[] text, int from, int to) {
        Entry entry = slots[hash & (SLOTS - 1)];
        boolean same = entry != null && Arrays.equals(entry.piece, 0, entry.piece.length, text, from, to);
        return same ? entry.ids : null;
    }

    void put(int hash, byte[] text, int from, int to, int[] ids, int idsFrom, int idsTo) {
        if (to - from <= MAX_BYTES) {
            slots[hash & (SLOTS - 1)] =
                    new Entry(Arrays.copyOfRange(text, from, to), Arrays.copyOfRange(ids, idsFrom, idsTo));
        }
    }
}
