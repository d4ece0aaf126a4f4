package dev.mynah.model.weights;

import dev.mynah.model.ModelConfig;

/** The weights of a model by the names of its Hugging Face checkpoint: a mapped folder, a GGUF file, or a model that is being trained. */
public interface WeightSource extends AutoCloseable {
    ModelConfig config();

    /**
     * A weight, a matrix always as {@code [rows, columns]} that maps columns to rows, also where GPT-2's checkpoint stores it the other way round.
     *
     * @throws IllegalArgumentException if the model has none of that name
     */
    Weight weight(String name);

    /**
     * Whether rotary positions turn neighbouring elements of the queries and keys as these weights make them, as llama.cpp's files of the Llama family do, or the two halves of a head, as
     * Hugging Face checkpoints do.
     */
    boolean interleavedRope();

    @Override
    void close();
}
