package dev.mynah.tensor;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** The operations that neural networks are made of. */
public final class Nn {

    /** Target that the loss leaves out. */
    public static final long IGNORE = -100;

    private static final int SUM = 2;

    private Nn() {}

    /** {@code input @ weight^T + bias}; input {@code [..., in]}, weight {@code [out, in]}, bias {@code [out]}. */
    public static Tensor linear(Tensor input, Tensor weight, @Nullable Tensor bias) {
        return bias == null
                ? Tensor.call("linear", () -> torch.linear(input.handle, weight.handle), input, weight)
                : Tensor.call(
                        "linear",
                        () -> torch.linear(input.handle, weight.handle, new TensorOptional(bias.handle)),
                        input,
                        weight,
                        bias);
    }

    /** Rows of {@code table} {@code [rows, dim]} at {@code ids} (I64 or I32, any shape): {@code [..., dim]}. */
    public static Tensor embedding(Tensor table, Tensor ids) {
        return Tensor.call("embedding", () -> torch.embedding(table.handle, ids.handle), table, ids);
    }

    /** Layer normalisation over the last dimension (Ba et al., 2016). */
    public static Tensor layerNorm(Tensor input, Tensor weight, @Nullable Tensor bias, double epsilon) {
        long[] shape = {input.size(-1)};
        return Tensor.call(
                "layer_norm",
                () -> torch.layer_norm(
                        input.handle,
                        shape,
                        new TensorOptional(weight.handle),
                        bias == null ? new TensorOptional() : new TensorOptional(bias.handle),
                        epsilon,
                        true),
                input,
                weight);
    }

    /**
     * Root-mean-square normalisation over the last dimension (Zhang and Sennrich, 2019), in fp32 inside. libtorch has a fused kernel for the GPU alone; its composition for the CPU
     * keeps two fp32 copies of the input for the backward pass, ours one in the input's type.
     */
    public static Tensor rmsNorm(Tensor input, Tensor weight, double epsilon) {
        long size = input.size(-1);
        if (input.device().isCuda()) {
            return Tensor.call(
                    "rms_norm",
                    () -> torch.rms_norm(
                            input.handle,
                            new long[] {size},
                            new TensorOptional(weight.handle),
                            new DoubleOptional(epsilon)),
                    input,
                    weight);
        }
        Tensor norm = Tensor.call(
                "vector_norm",
                () -> torch.linalg_vector_norm(
                        input.handle, new Scalar(2), new long[] {-1}, true, new ScalarTypeOptional(ScalarType.Float)),
                input);
        Tensor scale = norm.square().div((double) size).add(epsilon).rsqrt();
        return input.mul(scale).to(input.dtype()).mul(weight);
    }

    public static Tensor silu(Tensor input) {
        return Tensor.call("silu", () -> torch.silu(input.handle), input);
    }

    /** Gaussian error linear unit, exact or in the tanh approximation that GPT-2 uses. */
    public static Tensor gelu(Tensor input, boolean tanh) {
        return Tensor.call("gelu", () -> torch.gelu(input.handle, tanh ? "tanh" : "none"), input);
    }

    /**
     * Attention in one fused operation (Vaswani et al., 2017). Queries, keys and values {@code [batch, heads, time, headDim]}.
     *
     * @param mask added to the scores, broadcast to {@code [batch, heads, time, keys]}; null for none
     * @param causal masks keys after the query, for equal lengths and a null mask only
     */
    public static Tensor scaledDotProductAttention(
            Tensor query, Tensor key, Tensor value, @Nullable Tensor mask, boolean causal) {
        return Tensor.call(
                "scaled_dot_product_attention",
                () -> torch.scaled_dot_product_attention(
                        query.handle,
                        key.handle,
                        value.handle,
                        mask == null ? new TensorOptional() : new TensorOptional(mask.handle),
                        0.0,
                        causal,
                        new DoubleOptional(),
                        key.size(1) != query.size(1)),
                query,
                key,
                value);
    }

    /**
     * Sum over all positions of the negative log-likelihood in nats; {@code logits [n, classes]}, {@code targets} I64 {@code [n]}, {@link #IGNORE} left out.
     */
    public static Tensor crossEntropySum(Tensor logits, Tensor targets) {
        return Tensor.call(
                "cross_entropy",
                () -> torch.cross_entropy_loss(logits.handle, targets.handle, new TensorOptional(), SUM, IGNORE, 0.0),
                logits,
                targets);
    }
}
