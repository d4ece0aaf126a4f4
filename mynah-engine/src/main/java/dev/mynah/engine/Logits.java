package dev.mynah.engine;

import dev.mynah.engine.fused.Functions;
import java.util.ArrayList;
import java.util.List;

/** Functions of the logits {@code [vocabSize]} of one position. */
final class Logits {
    private Logits() {}

    /** As {@link #argmax}; throws if a logit is NaN, or the greatest is not finite, which tells of a damaged model. */
    static int requireGreatest(float[] logits) {
        int best = argmax(logits);
        if (Float.isNaN(logits[best])) {
            throw new IllegalArgumentException(
                    "the model's logits are not numbers: its weights are damaged, or too large for its number type");
        }
        if (Float.isInfinite(logits[best])) {
            throw new IllegalArgumentException("the model's logits are infinite: its weights are damaged");
        }
        return best;
    }

    /** The id of the greatest logit, the lowest of several; that of a NaN where there is one. */
    static int argmax(float[] logits) {
        int best = 0;
        float greatest = Float.NEGATIVE_INFINITY;
        for (int id = 0; id < logits.length; id++) {
            if (!(logits[id] <= greatest)) {
                best = id;
                greatest = logits[id];
                if (Float.isNaN(greatest)) {
                    break;
                }
            }
        }
        return best;
    }

    /** The ids of the {@code k} greatest of {@code values} in falling order, equal ones by rising id; all of them where there are fewer. */
    static int[] top(float[] values, int k) {
        int[] heap = new int[Math.min(k, values.length)];
        int size = 0;
        for (int id = 0; id < values.length && heap.length > 0; id++) {
            if (size < heap.length) {
                siftUp(values, heap, size++, id);
            } else if (isBefore(values, id, heap[0])) {
                siftDown(values, heap, size, id);
            }
        }
        int[] top = new int[size];
        while (size > 0) {
            top[--size] = heap[0];
            siftDown(values, heap, size, heap[size]);
        }
        return top;
    }

    private static boolean isBefore(float[] values, int a, int b) {
        return values[a] > values[b] || (values[a] == values[b] && a < b);
    }

    /** Puts {@code id} at {@code place} and moves it towards the root, where the last in order stands. */
    private static void siftUp(float[] values, int[] heap, int place, int id) {
        int at = place;
        while (at > 0 && isBefore(values, heap[(at - 1) / 2], id)) {
            heap[at] = heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        heap[at] = id;
    }

    /** Puts {@code id} at the root of a heap of {@code size} and moves it away from there. */
    private static void siftDown(float[] values, int[] heap, int size, int id) {
        int at = 0;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && isBefore(values, heap[child], heap[child + 1])) {
                child++;
            }
            if (!isBefore(values, id, heap[child])) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = id;
    }

    /** The log-probability of {@code token}, and those of the {@code k} most probable tokens. */
    static TokenLogProb logProb(float[] logits, int token, int k) {
        float max = logits[argmax(logits)];
        float[] exponentials = logits.clone();
        Functions.exponentials(exponentials, max, 1, Float.NEGATIVE_INFINITY);
        double sum = 0;
        for (float exponential : exponentials) {
            sum += exponential;
        }
        double logSum = max + Math.log(sum);
        List<TokenLogProb.Alternative> top = new ArrayList<>();
        for (int id : top(logits, k)) {
            top.add(new TokenLogProb.Alternative(id, logits[id] - logSum));
        }
        return new TokenLogProb(token, logits[token] - logSum, top);
    }
}
