package dev.mynah.model;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of the tokens that a model has read, so that each further token costs one position. Memory for {@code
 * capacity} positions is taken at once and written in place; it belongs to the scope that is open at creation.
 */
public final class KvCache {
    private final List<Tensor> keys = new ArrayList<>();
    private final List<Tensor> values = new ArrayList<>();
    private final int capacity;
    private int length;

    private KvCache(int capacity) {
        this.capacity = capacity;
    }

    /**
     * An empty cache.
     *
     * @param batch    sequences, which all advance together
     * @param capacity positions, at most the model's context
     * @param dtype    element type, that of the computation
     */
    public static KvCache create(ModelConfig config, int batch, int capacity, DType dtype, Device device) {
        if (capacity < 1 || capacity > config.context()) {
            throw new IllegalArgumentException(
                    "a cache for this model has 1.." + config.context() + " positions, not " + capacity);
        }
        KvCache cache = new KvCache(capacity);
        for (int layer = 0; layer < config.layers(); layer++) {
            cache.keys.add(Tensor.zeros(dtype, device, batch, config.kvHeads(), capacity, config.headDim()));
            cache.values.add(Tensor.zeros(dtype, device, batch, config.kvHeads(), capacity, config.headDim()));
        }
        return cache;
    }

    /** Positions that are filled. */
    public int length() {
        return length;
    }

    /** Positions that there is room for. */
    public int capacity() {
        return capacity;
    }

    /** Forgets all but the first {@code newLength} positions. */
    public void truncate(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException("a cache of " + length + " positions cannot be cut to " + newLength);
        }
        length = newLength;
    }

    /** Keys and values {@code [batch, kvHeads, positions, headDim]} of one layer. */
    record Entry(Tensor keys, Tensor values) {}

    /** Writes a layer's new keys and values behind the old ones, and gives all of them. */
    Entry append(int layer, Tensor newKeys, Tensor newValues) {
        long time = newKeys.size(2);
        Tensor layerKeys = keys.get(layer);
        Tensor layerValues = values.get(layer);
        layerKeys.narrow(2, length, time).copy_(newKeys);
        layerValues.narrow(2, length, time).copy_(newValues);
        return new Entry(layerKeys.narrow(2, 0, length + time), layerValues.narrow(2, 0, length + time));
    }

    /** Counts {@code time} positions as filled, after every layer has appended them. */
    void advance(int time) {
        length += time;
    }
}
