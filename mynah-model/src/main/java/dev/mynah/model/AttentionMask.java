package dev.mynah.model;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Additive attention masks: 0 where a query may see a key, and a number far below every score where it may not. The
 * number is finite, so that a row in which all is masked (padding) stays finite too.
 */
public final class AttentionMask {
    private static final double HIDDEN = -1e30;

    private AttentionMask() {}

    /** {@code [time, keys]}: the last query sees every key, and each query before it one fewer. */
    public static Tensor causal(int time, int keys, DType dtype, Device device) {
        return Tensor.full(HIDDEN, dtype, device, time, keys).triu(keys - time + 1);
    }

    /** {@code [time, keys]}: hides the keys that lie {@code window} or more positions before a query; not later ones. */
    static Tensor outsideWindow(int time, int keys, int window, DType dtype, Device device) {
        Tensor all = Tensor.full(HIDDEN, dtype, device, time, keys);
        return all.sub(all.triu(keys - time - window + 1L));
    }

    /** {@code [batch, 1, time, time]}: hides the keys from {@code lengths[row]} on. */
    static Tensor padding(int[] lengths, int time, DType dtype, Device device) {
        float[] hidden = new float[lengths.length * time];
        for (int row = 0; row < lengths.length; row++) {
            Arrays.fill(hidden, row * time + lengths[row], (row + 1) * time, (float) HIDDEN);
        }
        return Tensor.of(hidden, lengths.length, 1, 1, time)
                .to(device)
                .to(dtype)
                .expand(lengths.length, 1, time, time);
    }

    /**
     * {@code [batch, 1, time, time]}: causal, and only within a document.
     *
     * @param documents {@code [batch, time]}, a number for each token's document, I64 or I32
     */
    public static Tensor documents(Tensor documents, DType dtype) {
        int time = Math.toIntExact(documents.size(1));
        Tensor causal = causal(time, time, dtype, documents.device());
        Tensor same =
                documents.unsqueeze(1).unsqueeze(3).eq(documents.unsqueeze(1).unsqueeze(2));
        Tensor other =
                Tensor.full(HIDDEN, dtype, documents.device(), same.shape()).maskedFill(same, 0);
        return other.add(causal);
    }

    /**
     * {@code [batch, 1, time, keys]}: causal, and hiding the keys that are {@code missing}.
     *
     * @param missing {@code [batch, keys]}
     * @return null where none is
     */
    static @Nullable Tensor missing(boolean[] missing, int batch, int time, Device device) {
        float[] hidden = new float[missing.length];
        boolean any = false;
        for (int i = 0; i < missing.length; i++) {
            hidden[i] = missing[i] ? (float) HIDDEN : 0;
            any |= missing[i];
        }
        int keys = missing.length / batch;
        return any ? Tensor.of(hidden, batch, 1, 1, keys).to(device).add(causal(time, keys, DType.F32, device)) : null;
    }
}
