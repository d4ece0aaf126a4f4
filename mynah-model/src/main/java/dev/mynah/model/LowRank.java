package dev.mynah.model;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Nn;
import dev.mynah.tensor.Tensor;

/**
 * A low-rank update of one linear layer: {@code x -> scale * dropout(x) a^T b^T}.
 *
 * @param a {@code [rank, in]}
 * @param b {@code [out, rank]}
 */
record LowRank(Tensor a, Tensor b, double scale, Lora.Dropout dropout) {

    /** {@code [..., in]} to {@code [..., out]}. */
    Tensor apply(Tensor input) {
        DType dtype = input.dtype();
        Tensor inner = Nn.linear(dropout.apply(input), a.to(dtype), null);
        return Nn.linear(inner, b.to(dtype), null).mul(scale);
    }

    /** What the update adds to the layer's weight: {@code [out, in]}, in the update's own element type. */
    Tensor delta() {
        return b.matmul(a).mul(scale);
    }
}
