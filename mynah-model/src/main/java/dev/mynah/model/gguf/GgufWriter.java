package dev.mynah.model.gguf;

import dev.mynah.files.DurableFiles;
import dev.mynah.model.GenerationConfig;
import dev.mynah.model.ModelConfig;
import dev.mynah.model.Norm;
import dev.mynah.model.StoredParameter;
import dev.mynah.model.weights.RowDecoder;
import dev.mynah.model.weights.RowEncoder;
import dev.mynah.model.weights.RowOrder;
import dev.mynah.model.weights.Weight;
import dev.mynah.model.weights.WeightSource;
import dev.mynah.model.weights.WeightType;
import dev.mynah.text.GgufVocabulary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Writes GGUF files that llama.cpp loads: weights, tokenizer and chat template in one. */
public final class GgufWriter {
    private static final int VERSION = 3;

    private final WeightSource source;
    private final ModelConfig config;
    private final GgufArchitecture architecture;
    private final SequencedMap<String, Object> metadata;
    private final List<Output> outputs = new ArrayList<>();

    /**
     * One tensor of the file.
     *
     * @param shape rows first
     * @param parts parameters one after the other, experts or one alone; none where {@code values} are given
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Output(
            String name,
            List<Long> shape,
            WeightType type,
            long offset,
            List<StoredParameter> parts,
            float @Nullable [] values) {

        long bytes() {
            long rows = shape.subList(0, shape.size() - 1).stream().reduce(1L, Math::multiplyExact);
            return rows * type.rowBytes(shape.getLast());
        }
    }

    /** Is told how far the writing is. */
    public interface Progress {
        /** So many bytes of all are written. */
        void written(long bytes, long total);
    }

    /**
     * Prepares a file.
     *
     * @param type of the matrices: F32, BF16, Q8_0 or Q4_0; those whose rows do not divide into blocks, and all that are none, are F32
     * @param name what the file calls the model
     * @throws IllegalArgumentException if llama.cpp has no such architecture or feature, or the tokenizer does not fit
     */
    public GgufWriter(
            WeightSource source, GgufVocabulary vocabulary, GenerationConfig generation, WeightType type, String name) {
        this.source = source;
        config = source.config();
        GgufArchitecture found = GgufArchitecture.of(config.family());
        if (found == null) {
            throw new IllegalArgumentException("writing GGUF files of "
                    + config.family().modelType() + " is not supported; supported are "
                    + GgufArchitecture.supported());
        }
        architecture = found;
        metadata = GgufMetadataWriter.of(
                architecture, config, vocabulary.paddedTo(config.vocabSize()), generation, name, type);
        TensorNames names = new TensorNames(architecture);
        SequencedMap<String, List<StoredParameter>> tensors = new LinkedHashMap<>();
        for (StoredParameter parameter : StoredParameter.of(config)) {
            tensors.computeIfAbsent(names.place(parameter.name()).tensor(), tensor -> new ArrayList<>())
                    .add(parameter);
        }
        GgufRope.tensors(architecture, config)
                .forEach((tensor, values) -> outputs.add(new Output(
                        tensor, List.of((long) values.length), WeightType.F32, nextOffset(), List.of(), values)));
        tensors.forEach((tensor, parts) -> outputs.add(output(tensor, parts, type)));
    }

    private long nextOffset() {
        return outputs.isEmpty()
                ? 0
                : outputs.getLast().offset + aligned(outputs.getLast().bytes());
    }

    private Output output(String name, List<StoredParameter> parts, WeightType type) {
        List<Long> shape = new ArrayList<>(parts.getFirst().outputFirstShape());
        if (GgufModel.isVector(shape)) {
            shape.removeFirst();
        }
        boolean matrix = shape.size() > 1 && !name.startsWith("position_embd") && !name.contains("ffn_gate_inp");
        boolean fits = shape.getLast() % type.blockElements() == 0;
        if (name.contains("_exps.")) {
            shape.addFirst((long) parts.size());
        }
        return new Output(name, shape, matrix && fits ? type : WeightType.F32, nextOffset(), parts, null);
    }

    private static long aligned(long bytes) {
        return (bytes + GgufHeader.DEFAULT_ALIGNMENT - 1) / GgufHeader.DEFAULT_ALIGNMENT * GgufHeader.DEFAULT_ALIGNMENT;
    }

    /** Writes the file, which is replaced as a whole or not at all. */
    public void write(Path file, Progress progress) throws IOException {
        byte[] header = header();
        long total =
                outputs.stream().mapToLong(output -> aligned(output.bytes())).sum();
        DurableFiles.write(file, channel -> {
            DurableFiles.writeFully(channel, ByteBuffer.wrap(header));
            for (Output output : outputs) {
                write(channel, output);
                progress.written(output.offset + aligned(output.bytes()), total);
            }
        });
    }

    private byte[] header() {
        GgufOutput header = new GgufOutput()
                .int32(GgufHeader.MAGIC)
                .int32(VERSION)
                .int64(outputs.size())
                .int64(metadata.size());
        metadata.forEach((key, value) -> header.text(key).value(value));
        for (Output output : outputs) {
            List<Long> shape = output.shape.reversed();
            header.text(output.name).int32(shape.size());
            shape.forEach(header::int64);
            header.int32(output.type.ggmlId()).int64(output.offset);
        }
        return header.aligned();
    }

    private void write(FileChannel channel, Output output) throws IOException {
        if (output.values != null) {
            ByteBuffer buffer = buffer(output.type, output.values.length);
            RowEncoder.encode(output.type, output.values, output.values.length, buffer);
            DurableFiles.writeFully(channel, buffer.flip());
        }
        for (StoredParameter part : output.parts) {
            write(channel, part.name(), output.type);
        }
        DurableFiles.writeFully(channel, ByteBuffer.allocate((int) (aligned(output.bytes()) - output.bytes())));
    }

    private void write(FileChannel channel, String parameter, WeightType type) throws IOException {
        Weight weight = source.weight(parameter);
        LongUnaryOperator from = sourceRow(parameter);
        boolean vector = weight.shape().size() == 1;
        boolean plusOne = config.norm() == Norm.RMS_NORM_OFFSET && parameter.endsWith("norm.weight");
        int columns = weight.columns();
        float[] row = new float[columns];
        ByteBuffer buffer = buffer(type, columns);
        for (long i = 0; i < (vector ? 1 : weight.rows()); i++) {
            RowDecoder.decode(weight, vector ? 0 : from.applyAsLong(i), row);
            for (int j = 0; plusOne && j < columns; j++) {
                row[j]++;
            }
            RowEncoder.encode(type, vector ? ordered(row, from) : row, columns, buffer.clear());
            DurableFiles.writeFully(channel, buffer.flip());
        }
    }

    private static ByteBuffer buffer(WeightType type, int columns) {
        return ByteBuffer.allocate(Math.toIntExact(type.rowBytes(columns))).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static float[] ordered(float[] values, LongUnaryOperator from) {
        float[] ordered = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            ordered[i] = values[(int) from.applyAsLong(i)];
        }
        return ordered;
    }

    /** Which row of the source is the file's row. */
    private LongUnaryOperator sourceRow(String name) {
        RowOrder order = RowOrder.of(config, name);
        if (architecture.interleavedRope() == source.interleavedRope()) {
            return LongUnaryOperator.identity();
        }
        return architecture.interleavedRope() ? order::halves : order::interleaved;
    }
}
