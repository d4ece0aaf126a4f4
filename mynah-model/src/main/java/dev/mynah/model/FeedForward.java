package dev.mynah.model;

import dev.mynah.tensor.Tensor;

/** The second sub-layer of a block, which computes every position on its own. */
interface FeedForward {

    /** {@code [batch, time, width]} to the same shape. */
    Tensor apply(Tensor input);
}
