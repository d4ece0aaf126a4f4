package dev.mynah.server.provider;

import dev.mynah.engine.EngineOptions;
import dev.mynah.engine.Engines;
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
    public static LocalProvider open(String name, Path model, Device device) {
        try {
            Engines.Served served = Engines.open(model, device, EngineOptions.DEFAULT);
            return new LocalProvider(
                    name, served.engine(), served.text().tokenizer(), new FolderPrompts(served.text()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
