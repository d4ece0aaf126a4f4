package dev.mynah.text;

import java.util.Arrays;

/**
 * A long piece while it is merged: a linked list of symbols over the bytes where they begin, and a heap of the pairs
 * that may merge.
 */
final class LongPiece {

    private static final int GONE = Integer.MIN_VALUE;

    /** Takes one symbol of the result; {@code id} is negative where it is no token. */
    interface Consumer {
        void accept(int id, int from, int to);
    }

    private final Pairs pairs;
    private final int[] ids;
    private final int[] next;
    private final int[] previous;

    /**
     * A binary heap of rank and position, lowest rank first, of equal ones the leftmost. Holds pairs that have changed
     * since, too.
     */
    private long[] heap;

    private int heapSize;

    /** @param symbols the ids at the bytes where symbols begin, and {@link #inside()} within them; is changed */
    LongPiece(Pairs pairs, int[] symbols) {
        this.pairs = pairs;
        ids = symbols;
        next = new int[ids.length];
        previous = new int[ids.length];
        heap = new long[16];
        int last = ids.length;
        for (int i = ids.length - 1; i >= 0; i--) {
            if (ids[i] != GONE) {
                next[i] = last;
                if (last < ids.length) {
                    previous[last] = i;
                }
                last = i;
            }
        }
        for (int i = 0; i < ids.length; i = next[i]) {
            push(i);
        }
        merge();
    }

    /** A piece that begins as single bytes. */
    static LongPiece ofBytes(BpeModel model, byte[] text, int from, int to) {
        int[] symbols = new int[to - from];
        for (int i = 0; i < symbols.length; i++) {
            symbols[i] = model.idOfByte(text[from + i]);
        }
        return new LongPiece(model, symbols);
    }

    /** What stands for a byte at which no symbol begins. */
    static int inside() {
        return GONE;
    }

    void forEach(Consumer action) {
        for (int i = 0; i < ids.length; i = next[i]) {
            action.accept(ids[i], i, next[i]);
        }
    }

    private void merge() {
        while (heapSize > 0) {
            long top = pop();
            int at = (int) top;
            long pair = ids[at] == GONE ? Pairs.NONE : pair(at);
            if (pair == Pairs.NONE || pair >>> 32 != top >>> 32) {
                continue;
            }
            int right = next[at];
            ids[at] = (int) pair;
            ids[right] = GONE;
            next[at] = next[right];
            if (next[at] < ids.length) {
                previous[next[at]] = at;
            }
            push(at);
            if (at > 0) {
                push(previous[at]);
            }
        }
    }

    /** What the symbol at {@code at} becomes with the one after it. */
    private long pair(int at) {
        int right = next[at];
        return right < ids.length ? pairs.merge(ids[at], ids[right], at, next[right]) : Pairs.NONE;
    }

    private void push(int at) {
        long pair = pair(at);
        if (pair == Pairs.NONE) {
            return;
        }
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, heapSize * 2);
        }
        long entry = Pairs.of((int) (pair >>> 32), at);
        int i = heapSize++;
        while (i > 0 && heap[(i - 1) >> 1] > entry) {
            heap[i] = heap[(i - 1) >> 1];
            i = (i - 1) >> 1;
        }
        heap[i] = entry;
    }

    private long pop() {
        long top = heap[0];
        long entry = heap[--heapSize];
        int i = 0;
        for (int child = 1; child < heapSize; child = 2 * i + 1) {
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= entry) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        heap[i] = entry;
        return top;
    }
}
