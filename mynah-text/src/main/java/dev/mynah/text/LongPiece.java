package dev.mynah.text;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * One long piece while it is merged: a linked list of tokens over the positions where they begin, and a heap of the
 * pairs that may merge.
 */
final class LongPiece {

    private static final int GONE = -1;

    private final BpeModel model;
    private final int[] ids;
    private final int[] next;
    private final int[] previous;

    /**
     * A binary heap of rank and position, lowest rank first, of equal ones the leftmost. Holds pairs that have changed
     * since, too.
     */
    private long[] heap;

    private int heapSize;

    LongPiece(BpeModel model, byte[] text, int from, int to) {
        this.model = model;
        int count = to - from;
        ids = new int[count];
        next = new int[count];
        previous = new int[count];
        heap = new long[count];
        for (int i = 0; i < count; i++) {
            ids[i] = model.idOfByte(text[from + i]);
            next[i] = i + 1;
            previous[i] = i - 1;
        }
        for (int i = 0; i < count - 1; i++) {
            push(i);
        }
        merge();
    }

    void forEach(IntConsumer action) {
        for (int i = 0; i < ids.length; i = next[i]) {
            action.accept(ids[i]);
        }
    }

    private void merge() {
        while (heapSize > 0) {
            long top = pop();
            int at = (int) top;
            int rank = (int) (top >>> 32);
            if (ids[at] == GONE || rank(at) != rank) {
                continue;
            }
            int right = next[at];
            ids[at] = model.result(rank);
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

    /** The rank of the token at {@code at} with the one after it. */
    private int rank(int at) {
        return next[at] < ids.length ? model.rank(ids[at], ids[next[at]]) : MergeTable.NONE;
    }

    private void push(int at) {
        int rank = rank(at);
        if (rank == MergeTable.NONE) {
            return;
        }
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, heapSize * 2);
        }
        long entry = ((long) rank << 32) | at;
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
