package dev.mynah.server.provider;

import dev.mynah.engine.Embedder;
import dev.mynah.engine.EngineOptions;
import dev.mynah.engine.Engines;
import dev.mynah.model.EncoderConfig;
import dev.mynah.model.gguf.GgufFile;
import dev.mynah.tensor.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Opens models for serving. */
public final class LocalModels {
    private LocalModels() {}

    /**
     * Opens a model folder or a {@code .gguf} file.
     *
     * @param name its name in the API
     */
    public static ModelProvider open(String name, Path model, Device device) {
        try {
            if (!GgufFile.isNamedSo(model) && EncoderConfig.isEncoder(model.resolve("config.json"))) {
                return new EmbeddingProvider(name, Embedder.open(model, device));
            }
            Introduction introduction = Introduction.read(model);
            Engines.Served served = Engines.open(model, device, EngineOptions.DEFAULT);
            LocalEmbeddings embeddings = new LocalEmbeddings(() -> embedder(model, device));
            return new LocalProvider(
                    name, served.engine(), served.text(), new FolderPrompts(served.text()), introduction, embeddings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Embedder embedder(Path model, Device device) {
        try {
            return Embedder.open(model, device);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
