package dev.mynah.model.gguf;

import dev.mynah.files.DurableFiles;
import dev.mynah.model.GenerationConfig;
import dev.mynah.model.ModelConfig;
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
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.LongUnaryOperator;

/** Writes GGUF files that llama.cpp loads: weights, tokenizer and chat template in one. */
public final class GgufWriter {
    private static final int VERSION = 3;

    private final WeightSource source;
    private final ModelConfig config;
    private final GgufArchitecture architecture;
    private final SequencedMap<String, Object> metadata;
    private final List<Output> outputs = new ArrayList<>();

    /** One tensor of the file. */
    private record Output(StoredParameter parameter, String name, WeightType type, long offset, long bytes) {}

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
        String modelType = config.family().modelType();
        GgufArchitecture found = GgufArchitecture.ofModelType(modelType);
        if (found == null) {
            throw new IllegalArgumentException(
                    "writing GGUF files of " + modelType + " is not supported; supported are "
                            + GgufArchitecture.supported().toLowerCase(Locale.ROOT));
        }
        architecture = found;
        metadata = GgufMetadataWriter.of(
                architecture, config, vocabulary.paddedTo(config.vocabSize()), generation, name, type);
        long offset = 0;
        for (StoredParameter parameter : StoredParameter.of(config)) {
            Output output = output(parameter, type, offset);
            outputs.add(output);
            offset += aligned(output.bytes);
        }
    }

    private Output output(StoredParameter parameter, WeightType type, long offset) {
        List<Long> shape = parameter.outputFirstShape();
        String name = architecture.tensor(parameter.name());
        boolean matrix = shape.size() > 1 && !name.startsWith("position_embd");
        boolean fits = shape.getLast() % type.blockElements() == 0;
        WeightType stored = matrix && fits ? type : WeightType.F32;
        long rows = shape.size() == 1 ? 1 : shape.getFirst();
        return new Output(parameter, name, stored, offset, rows * stored.rowBytes(shape.getLast()));
    }

    private static long aligned(long bytes) {
        return (bytes + GgufHeader.DEFAULT_ALIGNMENT - 1) / GgufHeader.DEFAULT_ALIGNMENT * GgufHeader.DEFAULT_ALIGNMENT;
    }

    /** Writes the file, which is replaced as a whole or not at all. */
    public void write(Path file, Progress progress) throws IOException {
        byte[] header = header();
        long total = outputs.stream().mapToLong(output -> aligned(output.bytes)).sum();
        DurableFiles.write(file, channel -> {
            DurableFiles.writeFully(channel, ByteBuffer.wrap(header));
            for (Output output : outputs) {
                write(channel, output);
                progress.written(output.offset + aligned(output.bytes), total);
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
            List<Long> shape = output.parameter.outputFirstShape().reversed();
            header.text(output.name).int32(shape.size());
            shape.forEach(header::int64);
            header.int32(output.type.ggmlId()).int64(output.offset);
        }
        return header.aligned();
    }

    private void write(FileChannel channel, Output output) throws IOException {
        Weight weight = source.weight(output.parameter.name());
        LongUnaryOperator from = sourceRow(output.parameter.name());
        boolean vector = weight.shape().size() == 1;
        int columns = weight.columns();
        float[] row = new float[columns];
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(output.type.rowBytes(columns)))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < (vector ? 1 : weight.rows()); i++) {
            RowDecoder.decode(weight, vector ? 0 : from.applyAsLong(i), row);
            RowEncoder.encode(output.type, vector ? ordered(row, from) : row, columns, buffer.clear());
            DurableFiles.writeFully(channel, buffer.flip());
        }
        DurableFiles.writeFully(channel, ByteBuffer.allocate((int) (aligned(output.bytes) - output.bytes)));
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
