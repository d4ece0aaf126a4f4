package dev.mynah.train.loop;

import dev.mynah.model.GenerationConfig;
import dev.mynah.model.ModelConfig;
import dev.mynah.model.ModelFolder;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.text.Tokenizer;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

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
        try (Scope scope = Scope.open();
                Autograd.Mode mode = Autograd.noGrad()) {
            Transformer saved = ModelFolder.load(folder, Device.CPU, DType.F32);
            if (!saved.config().equals(model.config())) {
                throw new IllegalArgumentException(
                        folder + " is of a model of another shape: " + differences(saved.config(), model.config()));
            }
            SequencedMap<String, Tensor> weights = saved.parameters();
            model.parameters().forEach((name, parameter) -> parameter.copy_(Objects.requireNonNull(weights.get(name))));
        }
    }

    /** As in {@code width is 32 instead of 64}. */
    private static String differences(ModelConfig found, ModelConfig asked) {
        List<String> differences = new ArrayList<>();
        for (RecordComponent component : ModelConfig.class.getRecordComponents()) {
            Object is = value(component, found);
            Object wanted = value(component, asked);
            if (!Objects.equals(is, wanted)) {
                differences.add(component.getName() + " is " + is + " instead of " + wanted);
            }
        }
        return String.join(", ", differences);
    }

    private static @Nullable Object value(RecordComponent component, ModelConfig config) {
        try {
            return component.getAccessor().invoke(config);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The accessors of a public record can be called", e);
        }
    }
}
