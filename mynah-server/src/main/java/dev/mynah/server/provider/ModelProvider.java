package dev.mynah.server.provider;

import dev.mynah.engine.EngineMetrics;
import dev.mynah.model.SamplingDefaults;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Answers with the models that it has. */
public interface ModelProvider extends AutoCloseable {

    /** The name that registered models refer to, such as {@code local}. */
    String name();

    /** The models that it can answer with now, by their names in the API. */
    Set<String> models();

    /**
     * Checks a request and makes it ready, without starting it.
     *
     * @throws dev.mynah.engine.PromptTooLongException if the prompt leaves no room in the model's context
     * @throws IllegalArgumentException                if this model cannot do what is asked for
     */
    PreparedGeneration prepare(ModelRequest request);

    /**
     * Checks texts that are to become vectors, without starting anything.
     *
     * @throws dev.mynah.engine.PromptTooLongException if one is longer than the model reads
     * @throws IllegalArgumentException                if the model gives no embeddings
     */
    default PreparedEmbeddings embeddings(String model, List<Prompt> inputs) {
        throw new IllegalArgumentException("the model " + model + " gives no embeddings");
    }

    /**
     * A prompt of text or token ids as text.
     *
     * @throws IllegalArgumentException if the provider does not know its tokens
     */
    String text(String model, Prompt prompt);

    /**
     * The tokens of a text as its model reads it.
     *
     * @throws IllegalArgumentException if the provider does not know its tokens
     */
    default int[] tokens(String text) {
        throw new IllegalArgumentException("the tokens of this model are not known here");
    }

    /** How a model asks to be sampled where nobody says otherwise; {@link SamplingDefaults#NONE} for one of another provider. */
    default SamplingDefaults sampling(String model) {
        return SamplingDefaults.NONE;
    }

    /** Whether a model answers at once, and needs not be opened first, which takes time and the place of another. */
    default boolean isOpen(String model) {
        return true;
    }

    /** How many tokens prompt and answer of a model may have together; empty where that is not known here. */
    default OptionalInt context(String model) {
        return OptionalInt.empty();
    }

    /** What people are told of its models before they talk to them. */
    default Introduction introduction() {
        return Introduction.NONE;
    }

    /** What its engine does, if this process runs it. */
    default Optional<EngineMetrics> metrics() {
        return Optional.empty();
    }

    @Override
    void close();
}
