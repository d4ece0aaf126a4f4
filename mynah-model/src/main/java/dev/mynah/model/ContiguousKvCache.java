package dev.mynah.model;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A cache whose sequences all advance together, with memory for all positions taken at once and written in place. */
final class ContiguousKvCache implements KvCache {
    private final List<Tensor> keys = new ArrayList<>();
    private final List<Tensor> values = new ArrayList<>();
    private final int capacity;
    private int length;

    ContiguousKvCache(ModelConfig config, int batch, int capacity, DType dtype, Device device) {
        if (capacity < 1 || capacity > config.context()) {
            throw new IllegalArgumentException(
                    "a cache for this model has 1.." + config.context() + " positions, not " + capacity);
        }
        this.capacity = capacity;
        for (int layer = 0; layer < config.layers(); layer++) {
            keys.add(Tensor.zeros(dtype, device, batch, config.kvHeads(), capacity, config.headDim()));
            values.add(Tensor.zeros(dtype, device, batch, config.kvHeads(), capacity, config.headDim()));
        }
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public Entry append(int layer, Tensor newKeys, Tensor newValues) {
        long time = newKeys.size(2);
        Tensor layerKeys = keys.get(layer);
        Tensor layerValues = values.get(layer);
        layerKeys.narrow(2, length, time).copy_(newKeys);
        layerValues.narrow(2, length, time).copy_(newValues);
        return new Entry(layerKeys.narrow(2, 0, length + time), layerValues.narrow(2, 0, length + time));
    }

    @Override
    public void advance(int time) {
        length += time;
    }
}
