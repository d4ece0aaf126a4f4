package dev.mynah.engine;

import dev.mynah.model.ModelFolder;
import dev.mynah.model.gguf.GgufFile;
import dev.mynah.model.gguf.GgufModel;
import dev.mynah.model.weights.WeightSource;
import dev.mynah.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;

/** A model as it is stored, its weights in the mapped files. */
record StoredModel(WeightSource weights, TextCodec text) {

    /**
     * Opens a folder in the Hugging Face layout, or a {@code .gguf} file.
     *
     * @throws IllegalArgumentException if a file is damaged, or not supported
     */
    static StoredModel open(Path path) throws IOException {
        if (!GgufFile.isNamedSo(path)) {
            WeightSource weights = ModelFolder.weights(path);
            return new StoredModel(weights, TextCodec.of(Tokenizers.load(path), ModelFolder.generation(path)));
        }
        GgufModel gguf = GgufModel.open(path);
        try {
            return new StoredModel(gguf, TextCodec.of(gguf.tokenizer(), gguf.generation()));
        } catch (RuntimeException e) {
            gguf.close();
            throw e;
        }
    }
}
