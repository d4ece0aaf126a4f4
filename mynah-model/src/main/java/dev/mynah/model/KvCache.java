package dev.mynah.model;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Tensor;

/** Keys and values of the tokens that a model has read, so that each further token costs one position. */
public sealed interface KvCache permits ContiguousKvCache, PagedKvCache.View {

    /**
     * An empty cache, whose memory belongs to the open scope.
     *
     * @param batch    sequences, which all advance together
     * @param capacity positions, at most the model's context
     * @param dtype    element type, that of the computation
     */
    static KvCache create(ModelConfig config, int batch, int capacity, DType dtype, Device device) {
        return new ContiguousKvCache(config, batch, capacity, dtype, device);
    }

    /** Positions that are filled. */
    int length();

    /** Positions that there is room for. */
    int capacity();

    /** Keys and values {@code [batch, kvHeads, positions, headDim]} of one layer. */
    record Entry(Tensor keys, Tensor values) {}

    /** Writes a layer's new keys and values {@code [batch, kvHeads, time, headDim]} behind the old ones, and gives all of them. */
    Entry append(int layer, Tensor newKeys, Tensor newValues);

    /** Counts {@code time} positions as filled, after every layer has appended them. */
    void advance(int time);
}
