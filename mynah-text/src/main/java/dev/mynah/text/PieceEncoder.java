package dev.mynah.text;

import java.util.Arrays;

/**
 * Encodes pieces one after the other into a growing list of ids: the pair of lowest rank is merged first, of several
 * such the leftmost, until no pair merges (Sennrich et al. 2016).
 *
 * <p>Short pieces are searched from end to end for the lowest rank; long ones keep their pairs in a heap, so that n bytes
 * take O(n log n). For one thread.
 */
final class PieceEncoder {

    private static final int SHORT = 128;

    private final BpeModel model;
    private final PieceCache cache;
    private int[] out;
    private int size;

    // A short piece while it is merged: tokens at the positions where they begin, linked, and the pairs that may merge.
    private final int[] ids = new int[SHORT];
    private final int[] next = new int[SHORT];
    private final int[] previous = new int[SHORT];
    private final int[] candidates = new int[SHORT];

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
        cache.missed(hash, text, from, to, out, before, size);
    }

    private void merge(byte[] text, int from, int to) {
        int whole = model.ignoreMerges() ? model.idOf(text, from, to) : -1;
        if (whole >= 0) {
            add(whole);
        } else if (to - from <= SHORT) {
            mergeShort(text, from, to);
        } else {
            LongPiece.ofBytes(model, text, from, to).forEach((id, begin, end) -> add(id));
        }
    }

    private void mergeShort(byte[] text, int from, int to) {
        int count = to - from;
        for (int i = 0; i < count; i++) {
            ids[i] = model.idOfByte(text[from + i]);
            next[i] = i + 1;
            previous[i] = i - 1;
        }
        for (int i = 0; i < count - 1; i++) {
            candidates[i] = candidate(model.rankOfBytes(text[from + i], text[from + i + 1]), i);
        }
        Arrays.fill(candidates, count - 1, (count + 3) & ~3, MergeTable.NONE);
        for (int best = lowest(count); best != MergeTable.NONE; best = lowest(count)) {
            merge(best % SHORT, model.result(best / SHORT), count);
        }
        for (int i = 0; i < count; i = next[i]) {
            add(ids[i]);
        }
    }

    private void merge(int at, int merged, int count) {
        int gone = next[at];
        int right = next[gone];
        ids[at] = merged;
        next[at] = right;
        candidates[gone] = MergeTable.NONE;
        candidates[at] = MergeTable.NONE;
        if (right < count) {
            previous[right] = at;
            candidates[at] = candidate(model.rank(merged, ids[right]), at);
        }
        if (at > 0) {
            int left = previous[at];
            candidates[left] = candidate(model.rank(ids[left], merged), left);
        }
    }

    /**
     * The lowest of the first {@code count} candidates, rounded up to a multiple of four, in four chains that the
     * processor follows side by side.
     */
    private int lowest(int count) {
        int a = MergeTable.NONE;
        int b = MergeTable.NONE;
        int c = MergeTable.NONE;
        int d = MergeTable.NONE;
        for (int i = 0; i < count; i += 4) {
            a = Math.min(a, candidates[i]);
            b = Math.min(b, candidates[i + 1]);
            c = Math.min(c, candidates[i + 2]);
            d = Math.min(d, candidates[i + 3]);
        }
        return Math.min(Math.min(a, b), Math.min(c, d));
    }

    /** Rank and position in one number, so that the lowest is the leftmost of the lowest rank. */
    private static int candidate(int rank, int position) {
        return rank == MergeTable.NONE ? MergeTable.NONE : rank * SHORT + position;
    }
}
