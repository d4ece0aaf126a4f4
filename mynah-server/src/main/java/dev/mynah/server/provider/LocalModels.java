package dev.mynah.server.provider;

import dev.mynah.engine.EngineOptions;
import dev.mynah.engine.Engines;
import dev.mynah.tensor.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Opens model folders for serving. */
public final class LocalModels {
    private LocalModels() {}

    /**
     * Loads the model in {@code folder}.
     *
     * @param name its name in the API
     */
    public static LocalProvider open(String name, Path folder, Device device) {
        try {
            Engines.Served served = Engines.open(folder, device, EngineOptions.DEFAULT);
            return new LocalProvider(
                    name, served.engine(), served.model().tokenizer(), new FolderPrompts(served.model()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
