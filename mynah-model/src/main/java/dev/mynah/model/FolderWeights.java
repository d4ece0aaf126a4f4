package dev.mynah.model;

import dev.mynah.model.weights.Weight;
import dev.mynah.model.weights.WeightSource;
import dev.mynah.model.weights.WeightType;
import dev.mynah.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The weights of a Hugging Face folder in its mapped files; only GPT-2's matrices, which lie there the other way round, are copied. */
final class FolderWeights implements WeightSource {
    private final ModelConfig config;
    private final Map<String, Stored> stored;
    private final Map<String, Weight> turned = new ConcurrentHashMap<>();

    /** Where a parameter is. */
    record Stored(SafetensorsFile file, String name, boolean inputFirst) {}

    FolderWeights(ModelConfig config, Map<String, Stored> stored) {
        this.config = config;
        this.stored = stored;
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public Weight weight(String name) {
        Stored source = stored.get(name);
        if (source == null) {
            throw new IllegalArgumentException("the model has no weight " + name);
        }
        return source.inputFirst ? turned.computeIfAbsent(name, key -> turn(source)) : mapped(source);
    }

    private static Weight mapped(Stored source) {
        SafetensorsFile file = source.file;
        return new Weight(type(source), file.shape(source.name), file.memory(source.name));
    }

    private static WeightType type(Stored source) {
        DType dtype = source.file.dtype(source.name);
        return switch (dtype) {
            case F32 -> WeightType.F32;
            case F16 -> WeightType.F16;
            case BF16 -> WeightType.BF16;
            default ->
                throw new IllegalArgumentException(source.file.path() + ": tensor " + source.name + " has the dtype "
                        + dtype + "; supported here are F32, F16, BF16");
        };
    }

    private static Weight turn(Stored source) {
        Weight weight = mapped(source);
        int bytes = weight.type().blockBytes();
        long rows = weight.rows();
        int columns = weight.columns();
        MemorySegment turned = Arena.ofAuto().allocate(weight.data().byteSize(), bytes);
        for (long row = 0; row < rows; row++) {
            for (long column = 0; column < columns; column++) {
                long from = (row * columns + column) * bytes;
                MemorySegment.copy(weight.data(), from, turned, (column * rows + row) * bytes, bytes);
            }
        }
        return new Weight(weight.type(), List.of((long) columns, rows), turned);
    }

    @Override
    public boolean interleavedRope() {
        return false;
    }

    /** The files stay mapped as long as somebody holds a part of them. */
    @Override
    public void close() {
        turned.clear();
    }
}
