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
 * <p>On a GPU it is libtorch's fused kernel, unless scores are capped. On a CPU that kernel is slow in bf16, so there it
 * is two batched matrix products around a softmax.
 *
 * @param mask   what to add to the scores, {@code [time, keys]} or {@code [batch, 1, time, keys]}, hiding later keys and
 *               those outside the window; null where every query sees every key
 * @param causal whether the kernel hides later keys by itself; with a null mask, and as many queries as keys
 * @param window keys that a query sees, its own included
 */
record Attention(AttentionOptions options, @Nullable Tensor mask, boolean causal, int window) {
    /** Of four blocks, three eighths of the scores are never computed; with more, cutting costs more than it saves. */
    private static final int BLOCKS = 4;

    private static final int SHORTEST_DIVIDED = 128;

    /**
     * The attention that one forward pass shares between layers of one window; a null mask stands for causality alone.
     */
    static Attention create(
            AttentionOptions options,
            int window,
            @Nullable Tensor mask,
            int time,
            int keys,
            DType compute,
            Device device) {
        boolean windowed = keys > window;
        boolean kernelHides = device.isCuda() && time == keys && !windowed && options.softCap() == 0;
        Tensor hidden;
        if (mask != null) {
            hidden = mask.to(compute);
        } else if (time == 1 || kernelHides) {
            hidden = null;
        } else {
            hidden = AttentionMask.causal(time, keys, compute, device);
        }
        if (windowed) {
            Tensor outside = AttentionMask.outsideWindow(time, keys, window, compute, device);
            hidden = hidden == null ? outside : hidden.add(outside);
        }
        return new Attention(options, hidden, hidden == null && kernelHides && time > 1, window);
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
        return !queries.device().isCuda() || options.softCap() != 0
                ? products(queries, keys, values)
                : fused(queries, keys, values);
    }

    /** As {@link #attend}, where queries see later keys too, but for those that the mask hides. */
    Tensor attendBothWays(Tensor queries, Tensor keys, Tensor values) {
        return queries.device().isCuda()
                ? fused(queries, keys, values)
                : scored(queries.mul(options.scale()), keys, values, mask);
    }

    private Tensor fused(Tensor queries, Tensor keys, Tensor values) {
        double usual = ModelConfigBuilder.usualScale(Math.toIntExact(queries.size(3)));
        Tensor scaled = options.scale() == usual ? queries : queries.mul(options.scale() / usual);
        return Nn.scaledDotProductAttention(scaled, keys, values, mask, causal);
    }

    /** Long sequences go block by block of queries, since a block needs only the keys that some of its queries see. */
    private Tensor products(Tensor queries, Tensor keys, Tensor values) {
        long time = queries.size(2);
        Tensor scaled = queries.mul(options.scale());
        if (mask == null || time < SHORTEST_DIVIDED) {
            return block(scaled, keys, values, 0, time);
        }
        List<Tensor> blocks = new ArrayList<>();
        long length = Math.ceilDiv(time, BLOCKS);
        for (long from = 0; from < time; from += length) {
            blocks.add(block(scaled, keys, values, from, Math.min(length, time - from)));
        }
        return Tensor.cat(blocks, 2);
    }

    private Tensor block(Tensor queries, Tensor keys, Tensor values, long from, long count) {
        long end = keys.size(2) - queries.size(2) + from + count;
        long start = Math.max(0, end - count + 1 - window);
        Tensor seen = mask == null ? null : part(part(mask, -2, from, count), -1, start, end - start);
        return scored(
                part(queries, 2, from, count),
                part(keys, 2, start, end - start),
                part(values, 2, start, end - start),
                seen);
    }

    private static Tensor part(Tensor tensor, int dim, long start, long length) {
        return length == tensor.size(dim) ? tensor : tensor.narrow(dim, start, length);
    }

    /** The query heads of one key head are stacked along time, so that keys and values are never repeated. */
    private Tensor scored(Tensor queries, Tensor keys, Tensor values, @Nullable Tensor seen) {
        long batch = queries.size(0);
        long heads = queries.size(1);
        long time = queries.size(2);
        long headDim = queries.size(3);
        long kvHeads = keys.size(1);
        Tensor scores =
                queries.reshape(batch, kvHeads, heads / kvHeads * time, headDim).matmul(keys.transpose(2, 3));
        if (options.softCap() != 0) {
            scores = softCapped(scores, options.softCap());
        }
        if (seen != null) {
            scores = scores.reshape(batch, heads, time, keys.size(2)).add_(seen).reshape(scores.shape());
        }
        return scores.softmax(-1).matmul(values).reshape(batch, heads, time, headDim);
    }

    /** {@code cap * tanh(scores / cap)}: nearly the same close to zero, and never beyond the cap (Gemma 2). */
    static Tensor softCapped(Tensor scores, double cap) {
        return scores.div(cap).tanh().mul(cap);
    }
}
