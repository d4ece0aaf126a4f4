package dev.mynah.model;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Nn;
import dev.mynah.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention (Vaswani et al. 2017) over grouped heads: query head {@code h} reads key and value head
 * {@code h / (heads / kvHeads)}.
 *
 * <p>On a GPU it is libtorch's fused kernel. On a CPU that kernel is slow in bf16, so there it is two batched matrix
 * products around a softmax.
 *
 * @param mask   what to add to the scores, {@code [time, keys]} or {@code [batch, 1, time, keys]}, hiding all later
 *               keys; null where every query sees every key
 * @param causal whether the kernel hides later keys by itself; with a null mask, and as many queries as keys
 */
record Attention(@Nullable Tensor mask, boolean causal) {
    /** Of four blocks, three eighths of the scores are never computed; with more, cutting costs more than it saves. */
    private static final int BLOCKS = 4;

    private static final int SHORTEST_DIVIDED = 128;

    /** The attention that one forward pass shares between its layers; a null mask stands for causality alone. */
    static Attention create(@Nullable Tensor mask, int time, int keys, DType compute, Device device) {
        if (mask != null) {
            return new Attention(mask.to(compute), false);
        }
        if (time == 1) {
            return new Attention(null, false);
        }
        return device.isCuda() && time == keys
                ? new Attention(null, true)
                : new Attention(AttentionMask.causal(time, keys, compute, device), false);
    }

    /**
     * Attends.
     *
     * @param queries {@code [batch, heads, time, headDim]}
     * @param keys    {@code [batch, kvHeads, keys, headDim]}
     * @param values  as the keys
     * @return {@code [batch, heads, time, headDim]}
     */
    Tensor attend(Tensor queries, Tensor keys, Tensor values) {
        return queries.device().isCuda()
                ? Nn.scaledDotProductAttention(queries, keys, values, mask, causal)
                : products(queries, keys, values);
    }

    /** Long sequences go block by block of queries, since a block needs no key behind its last query. */
    private Tensor products(Tensor queries, Tensor keys, Tensor values) {
        long time = queries.size(2);
        long past = keys.size(2) - time;
        Tensor scaled = queries.mul(1 / Math.sqrt((double) queries.size(3)));
        if (mask == null || time < SHORTEST_DIVIDED) {
            return block(scaled, keys, values, mask);
        }
        List<Tensor> blocks = new ArrayList<>();
        long length = Math.ceilDiv(time, BLOCKS);
        for (long from = 0; from < time; from += length) {
            long count = Math.min(length, time - from);
            long seen = past + from + count;
            blocks.add(block(
                    scaled.narrow(2, from, count),
                    keys.narrow(2, 0, seen),
                    values.narrow(2, 0, seen),
                    mask.narrow(-2, from, count).narrow(-1, 0, seen)));
        }
        return Tensor.cat(blocks, 2);
    }

    /** The query heads of one key head are stacked along time, so that keys and values are never repeated. */
    private static Tensor block(Tensor queries, Tensor keys, Tensor values, @Nullable Tensor mask) {
        long batch = queries.size(0);
        long heads = queries.size(1);
        long time = queries.size(2);
        long headDim = queries.size(3);
        long kvHeads = keys.size(1);
        Tensor scores =
                queries.reshape(batch, kvHeads, heads / kvHeads * time, headDim).matmul(keys.transpose(2, 3));
        if (mask != null) {
            scores = scores.reshape(batch, heads, time, keys.size(2)).add_(mask).reshape(scores.shape());
        }
        return scores.softmax(-1).matmul(values).reshape(batch, heads, time, headDim);
    }
}
