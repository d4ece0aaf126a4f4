package dev.mynah.train.loop;

import dev.mynah.model.GenerationConfig;
import dev.mynah.model.ModelFolder;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A model in training, with all that the model folder made of it holds.
 *
 * @param generation which ids begin and end its text
 */
public record TrainedModel(Transformer model, Tokenizer tokenizer, GenerationConfig generation) {

    /** Writes the model folder. */
    public void save(Path folder) throws IOException {
        ModelFolder.save(folder, model, generation);
        tokenizer.save(folder);
    }

    /**
     * Takes the weights from a folder that {@link #save} wrote.
     *
     * @throws IllegalArgumentException if it is damaged or of a model of another shape
     */
    public void restore(Path folder) throws IOException {
        try (Scope scope = Scope.open()) {
            Transformer saved = ModelFolder.load(folder, Device.CPU, DType.F32);
            Weights.requireShape(folder, saved.config(), model.config());
            Weights.copy(saved.parameters(), model.parameters());
        }
    }
}
