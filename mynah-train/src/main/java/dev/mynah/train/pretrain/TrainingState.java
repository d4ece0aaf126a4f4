package dev.mynah.train.pretrain;

import dev.mynah.model.GenerationConfig;
import dev.mynah.model.ModelConfig;
import dev.mynah.model.ModelFolder;
import dev.mynah.model.SafetensorsFile;
import dev.mynah.model.SafetensorsWriter;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.AdamW;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.text.BpeTokenizer;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a checkpoint holds beside the weights and the optimiser's moments. The order of the data and the learning rate follow from the step.
 *
 * @param step optimiser steps done
 * @param seconds time they took
 * @param recentLosses what the spike detector remembers
 */
record TrainingState(int step, double seconds, List<Double> recentLosses) {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String MODEL = "model";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String STATE = "state.json";

    static TrainingState fresh() {
        return new TrainingState(0, 0, List.of());
    }

    /** Writes a checkpoint into {@code folder}. Its {@code model} is a model folder like any other. */
    void save(Path folder, Transformer model, AdamW optimizer, BpeTokenizer tokenizer, GenerationConfig generation)
            throws IOException {
        saveModel(folder.resolve(MODEL), model, tokenizer, generation);
        SafetensorsWriter.write(folder.resolve(OPTIMIZER), optimizer.state(), Map.of());
        Files.writeString(folder.resolve(STATE), JSON.writeValueAsString(this));
    }

    static void saveModel(Path folder, Transformer model, BpeTokenizer tokenizer, GenerationConfig generation)
            throws IOException {
        ModelFolder.save(folder, model, generation);
        tokenizer.save(folder);
    }

    /**
     * Fills {@code model} and {@code optimizer} from the checkpoint in {@code folder}.
     *
     * @throws IllegalArgumentException if it is damaged or of a model of another shape
     */
    static TrainingState restore(Path folder, Transformer model, AdamW optimizer) throws IOException {
        try (Scope scope = Scope.open();
                Autograd.Mode mode = Autograd.noGrad()) {
            Transformer saved = ModelFolder.load(folder.resolve(MODEL), Device.CPU, DType.F32);
            if (!saved.config().equals(model.config())) {
                throw new IllegalArgumentException("the checkpoint " + folder + " is of a model of another shape: "
                        + differences(saved.config(), model.config()));
            }
            copy(saved.parameters(), model.parameters());
        }
        try (Scope scope = Scope.open()) {
            SafetensorsFile file = SafetensorsFile.open(folder.resolve(OPTIMIZER));
            for (Map.Entry<String, Tensor> entry : optimizer.state().entrySet()) {
                if (!file.names().contains(entry.getKey())) {
                    throw new IllegalArgumentException(file.path() + " lacks " + entry.getKey());
                }
                entry.getValue().copy_(file.tensor(entry.getKey()));
            }
        }
        try {
            return JSON.readValue(Files.readString(folder.resolve(STATE)), TrainingState.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    folder.resolve(STATE) + " is not the state of a run: " + e.getOriginalMessage(), e);
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

    private static Object value(RecordComponent component, ModelConfig config) {
        try {
            return component.getAccessor().invoke(config);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The accessors of a public record can be called", e);
        }
    }

    private static void copy(SequencedMap<String, Tensor> from, SequencedMap<String, Tensor> to) {
        var source = from.values().iterator();
        for (Tensor target : to.values()) {
            target.copy_(source.next());
        }
    }
}
