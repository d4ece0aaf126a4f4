package dev.mynah.model.weights;

import dev.mynah.model.ModelConfig;
import dev.mynah.model.StoredParameter;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Makes a {@link Transformer} of weights from any source. */
public final class Weights {
    private Weights() {}

    /**
     * Decodes all weights into memory of their own, which belongs to the open scope.
     *
     * @param dtype element type of the parameters, F32 or BF16
     */
    public static Transformer load(WeightSource source, Device device, DType dtype) {
        ModelConfig config = source.config();
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
        for (StoredParameter parameter : StoredParameter.of(config)) {
            long[] shape = parameter.shape().stream().mapToLong(Long::longValue).toArray();
            Tensor loaded = Tensor.empty(dtype, device, shape);
            try (Scope scope = Scope.open()) {
                Tensor decoded = decode(source, parameter);
                loaded.copy_(parameter.inputFirst() ? decoded.transpose(0, 1) : decoded);
            }
            parameters.put(parameter.name(), loaded);
        }
        return new Transformer(config, parameters);
    }

    private static Tensor decode(WeightSource source, StoredParameter parameter) {
        Weight weight = source.weight(parameter.name());
        RowOrder order = source.interleavedRope() ? RowOrder.of(source.config(), parameter.name()) : RowOrder.SAME;
        Tensor decoded = Tensor.empty(
                DType.F32,
                Device.CPU,
                parameter.outputFirstShape().stream().mapToLong(Long::longValue).toArray());
        MemorySegment memory = decoded.segment();
        if (weight.shape().size() == 1) {
            float[] values = new float[weight.columns()];
            RowDecoder.decode(weight, 0, values);
            for (int i = 0; i < values.length; i++) {
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, order.halves(i), values[i]);
            }
            return decoded;
        }
        float[] row = new float[weight.columns()];
        for (long i = 0; i < weight.rows(); i++) {
            RowDecoder.decode(weight, i, row);
            long at = order.halves(i) * row.length * Float.BYTES;
            MemorySegment.copy(row, 0, memory, ValueLayout.JAVA_FLOAT, at, row.length);
        }
        return decoded;
    }
}
