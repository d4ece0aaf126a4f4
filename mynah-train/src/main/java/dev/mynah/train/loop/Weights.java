package dev.mynah.train.loop;

import dev.mynah.model.ModelConfig;
import dev.mynah.model.ScalarModel;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes weights back from a checkpoint into those that are in training. */
public final class Weights {

    private Weights() {}

    /** Copies from {@code saved} into each of {@code own} the values of the tensor of the same name and shape. */
    public static void copy(Map<String, Tensor> saved, Map<String, Tensor> own) {
        try (Autograd.Mode mode = Autograd.noGrad()) {
            own.forEach((name, tensor) -> tensor.copy_(Objects.requireNonNull(saved.get(name), name)));
        }
    }

    /**
     * Takes the weights of a model that gives one number from a folder that {@link ScalarModel#save} wrote.
     *
     * @throws IllegalArgumentException if it is damaged or of a model of another shape
     */
    public static void restore(ScalarModel model, Path folder) throws IOException {
        try (Scope scope = Scope.open()) {
            ScalarModel saved = ScalarModel.load(folder, Device.CPU, DType.F32);
            requireShape(folder, saved.backbone().config(), model.backbone().config());
            copy(saved.parameters(), model.parameters());
        }
    }

    /** @throws IllegalArgumentException if what {@code folder} holds is not of the shape {@code asked}, with the differences */
    static void requireShape(Path folder, ModelConfig found, ModelConfig asked) {
        if (!found.equals(asked)) {
            throw new IllegalArgumentException(
                    folder + " is of a model of another shape: " + differences(found, asked));
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
