package dev.mynah.train.chat;

import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.config.LoraSection;
import dev.mynah.train.run.RunFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** What of a model a stage trains: all weights, or a low-rank adapter beside frozen ones. */
public sealed interface Tuning permits FullTuning, LoraTuning {

    /**
     * Loads the base; its memory belongs to the open scope.
     *
     * @param lora the adapter to train, or null for all weights
     * @param compute element type of the computation, in which frozen weights are kept
     */
    static Tuning of(ChatBase base, @Nullable LoraSection lora, Device device, DType compute, long seed)
            throws IOException {
        return lora == null ? FullTuning.load(base, device) : LoraTuning.load(base, lora, device, compute, seed);
    }

    /** The model as it computes now. */
    Transformer model();

    /** What is trained: fp32 leaves that record gradients. */
    SequencedMap<String, Tensor> parameters();

    /** Number of trained parameters. */
    default long parameterCount() {
        return parameters().values().stream().mapToLong(Tensor::elements).sum();
    }

    /** Takes the random numbers of dropout from {@code generator}, or drops nothing where it is null. */
    void dropBy(@Nullable Generator generator);

    /** Writes what has been trained into {@code folder}, for a checkpoint. */
    void save(Path folder) throws IOException;

    /**
     * Takes what {@link #save} wrote.
     *
     * @throws IllegalArgumentException if it is damaged or of a model of another shape
     */
    void restore(Path folder) throws IOException;

    /** Writes the run's result: a complete model folder, and beside it the adapter where there is one. */
    void saveResult(RunFiles files) throws IOException;
}
