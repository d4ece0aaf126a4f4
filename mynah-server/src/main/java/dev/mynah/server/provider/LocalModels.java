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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens models for serving. */
public final class LocalModels {
    private LocalModels() {}

    /**
     * Opens a model folder or a {@code .gguf} file.
     *
     * @param name its name in the API
     */
    public static ModelProvider open(String name, Path model, Device device) {
        return open(name, model, device, EngineOptions.DEFAULT, null, Map.of());
    }

    /**
     * As {@link #open(String, Path, Device)}, with low-rank adapters beside the model, and another model to guess for it.
     *
     * @param draft    a smaller model of the same tokens, or null
     * @param adapters their folders by their names in the API
     * @throws IllegalArgumentException if one does not fit the model
     */
    public static ModelProvider open(
            String name,
            Path model,
            Device device,
            EngineOptions options,
            @Nullable Path draft,
            Map<String, Path> adapters) {
        ModelProvider provider = openAlone(name, model, device, options, draft);
        try {
            for (Map.Entry<String, Path> adapter : adapters.entrySet()) {
                if (!(provider instanceof LocalProvider local)) {
                    throw new IllegalArgumentException(model + " is an encoder, which has no adapters");
                }
                local.addAdapter(adapter.getKey(), adapter.getValue());
            }
            return provider;
        } catch (IOException e) {
            provider.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            provider.close();
            throw e;
        }
    }

    private static ModelProvider openAlone(
            String name, Path model, Device device, EngineOptions options, @Nullable Path draft) {
        try {
            if (!GgufFile.isNamedSo(model) && EncoderConfig.isEncoder(model.resolve("config.json"))) {
                return new EmbeddingProvider(name, Embedder.open(model, device));
            }
            Introduction introduction = Introduction.read(model);
            Engines.Served served = Engines.open(model, device, options, draft);
            LocalEmbeddings embeddings = new LocalEmbeddings(() -> embedder(model, device));
            return new LocalProvider(
                    name,
                    served.engine(),
                    served.text(),
                    new FolderPrompts(served.text()),
                    introduction,
                    embeddings,
                    model);
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
