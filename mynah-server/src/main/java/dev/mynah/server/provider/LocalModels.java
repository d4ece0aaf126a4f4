package dev.mynah.server.provider;

import dev.mynah.engine.LoadedModel;
import dev.mynah.tensor.Device;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;

/** Opens model folders for serving. */
public final class LocalModels {
    private LocalModels() {}

    /**
     * Loads the model in {@code folder}.
     *
     * @param name its name in the API
     */
    public static LocalProvider open(String name, Path folder, Device device) {
        SerialEngine engine = new SerialEngine(folder, device);
        try {
            LoadedModel model = engine.model();
            return new LocalProvider(name, engine, model.tokenizer(), new FolderPrompts(model));
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
