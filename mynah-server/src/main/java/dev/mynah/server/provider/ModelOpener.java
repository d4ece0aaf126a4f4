package dev.mynah.server.provider;

import java.nio.file.Path;

/** Opens a model's folder for serving. */
@FunctionalInterface
public interface ModelOpener {

    /**
     * Opens a folder in the Hugging Face layout.
     *
     * @param name the model's name in the API
     */
    ModelProvider open(String name, Path folder);
}
