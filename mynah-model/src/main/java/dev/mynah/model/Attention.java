package dev.mynah.model;

import dev.mynah.tensor.Nn;
import dev.mynah.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention (Vaswani et al. 2017) over grouped heads: query head {@code h} reads key and value head {@code h / (heads / kvHeads)}.
 *
 * <p>On a GPU it is libtorch's fused kernel. On a CPU that kernel is slow in bf16, so there it is two batched matrix products around a softmax.
 */
final class Attention {

    private Attention() {}

    /**
     * Attends.
     *
     * @param queries {@code [batch, heads, time, headDim]}
     * @param keys    {@code [batch, kvHeads, keys, headDim]}
     * @param values  as the keys
     * @param mask    what to add to the scores, {@code [time, keys]} or {@code [batch, 1, time, keys]}; null where every query sees every key
     * @return {@code [batch, heads, time, headDim]}
     */
    static Tensor attend(Tensor queries, Tensor keys, Tensor values, @Nullable Tensor mask) {
        return queries.device().isCuda()
                ? Nn.scaledDotProductAttention(queries, keys, values, mask, false)
                : products(queries, keys, values, mask);
    }

    /** The query heads of one key head are stacked along time, so that keys and values are never repeated. */
    private static Tensor products(Tensor queries, Tensor keys, Tensor values, @Nullable Tensor mask) {
        long batch = queries.size(0);
        long heads = queries.size(1);
        long time = queries.size(2);
        long headDim = queries.size(3);
        long kvHeads = keys.size(1);
        Tensor scaled =
                queries.mul(1 / Math.sqrt((double) headDim)).reshape(batch, kvHeads, heads / kvHeads * time, headDim);
        Tensor scores = scaled.matmul(keys.transpose(2, 3));
        if (mask != null) {
            scores = scores.reshape(batch, heads, time, keys.size(2)).add_(mask).reshape(scores.shape());
        }
        return scores.softmax(-1).matmul(values).reshape(batch, heads, time, headDim);
    }
}
