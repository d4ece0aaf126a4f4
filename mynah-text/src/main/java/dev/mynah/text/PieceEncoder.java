package dev.mynah.text;

import java.util.Arrays;

/**
 * Encodes pieces one after the other into a growing list of ids: the pair of lowest rank is merged first, of several such the leftmost, until no pair merges (Sennrich et al. 2016).
 * Short pieces are searched from end to end for the lowest rank; long ones keep their pairs in a heap, so that n bytes take O(n log n). For one thread.
 */
final class PieceEncoder {

    private static final int SHORT = 100;

    private final BpeModel model;
    private final PieceCache cache;
    private int[] out;
    private int size;
    private final int[] ids = new int[SHORT];
    private final int[] ranks = new int[SHORT];

    PieceEncoder(BpeModel model, PieceCache cache, int expected) {
        this.model = model;
        this.cache = cache;
        this.out = new int[Math.max(16, expected)];
    }

    int[] ids() {
        return Arrays.copyOf(out, size);
    }

    void add(int id) {
        if (size == out.length) {
            out = Arrays.copyOf(out, size + (size >> 1));
        }
        out[size++] = id;
    }

    /** Adds the ids of the piece {@code text[from, to)}, which is not empty. */
    void encode(byte[] text, int from, int to) {
        if (to - from == 1) {
            add(model.idOfByte(text[from]));
            return;
        }
        int hash = TokenTable.hash(text, from, to);
        int[] known = cache.get(hash, text, from, to);
        if (known != null) {
            for (int id : known) {
                add(id);
            }
            return;
        }
        int before = size;
        merge(text, from, to);
        cache.put(hash, text, from, to, out, before, size);
    }

    private void merge(byte[] text, int from, int to) {
        int whole = model.ignoreMerges() ? model.idOf(text, from, to) : -1;
        if (whole >= 0) {
            add(whole);
        } else if (to - from <= SHORT) {
            mergeShort(text, from, to);
        } else {
            new LongPiece(model, text, from, to).forEach(this::add);
        }
    }

    private void mergeShort(byte[] text, int from, int to) {
        int count = to - from;
        for (int i = 0; i < count; i++) {
            ids[i] = model.idOfByte(text[from + i]);
        }
        for (int i = 0; i < count - 1; i++) {
            ranks[i] = model.rankOfBytes(text[from + i], text[from + i + 1]);
        }
        ranks[count - 1] = MergeTable.NONE;
        for (int best = lowest(count); ranks[best] != MergeTable.NONE; best = lowest(count)) {
            ids[best] = model.result(ranks[best]);
            count--;
            for (int i = best + 1; i < count; i++) {
                ids[i] = ids[i + 1];
                ranks[i] = ranks[i + 1];
            }
            ranks[best] = best + 1 < count ? model.rank(ids[best], ids[best + 1]) : MergeTable.NONE;
            if (best > 0) {
                ranks[best - 1] = model.rank(ids[best - 1], ids[best]);
            }
        }
        for (int i = 0; i < count; i++) {
            add(ids[i]);
        }
    }

    private int lowest(int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (ranks[i] < ranks[best]) {
                best = i;
            }
        }
        return best;
    }
}
