package dev.mynah.server.provider;

import dev.mynah.engine.Embedder;
import java.util.List;
import java.util.Set;

/** A model of this process that gives embeddings and writes no text. */
public final class EmbeddingProvider implements ModelProvider {
    private final String model;
    private final LocalEmbeddings embeddings;

    /** @param model the model's name in the API */
    EmbeddingProvider(String model, Embedder embedder) {
        this.model = model;
        embeddings = new LocalEmbeddings(() -> embedder);
    }

    @Override
    public String name() {
        return LocalProvider.NAME;
    }

    @Override
    public Set<String> models() {
        return Set.of(model);
    }

    @Override
    public PreparedGeneration prepare(ModelRequest request) {
        throw new IllegalArgumentException("the model " + model + " gives embeddings only; ask it at /v1/embeddings");
    }

    @Override
    public PreparedEmbeddings embeddings(String name, List<Prompt> inputs) {
        return embeddings.prepare(inputs);
    }

    @Override
    public String text(String name, Prompt prompt) {
        throw new IllegalArgumentException("the model " + model + " writes no text");
    }

    @Override
    public void close() {
        embeddings.close();
    }
}
