package dev.mynah.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A parameter that a configuration asks for, for those who read and write it in other formats than the {@link Transformer} does.
 *
 * @param name       in the family's Hugging Face checkpoint
 * @param shape      there
 * @param inputFirst whether it is a matrix that the checkpoint stores as {@code [in, out]}, as GPT-2's do, and not as {@code [out, in]}
 */
public record StoredParameter(String name, List<Long> shape, boolean inputFirst) {

    public StoredParameter {
        shape = List.copyOf(shape);
    }

    /** All of them, from the embedding to the head; a tied head is not listed. */
    public static List<StoredParameter> of(ModelConfig config) {
        List<StoredParameter> parameters = new ArrayList<>();
        String blocks = ParameterNames.of(config).blocks();
        ParameterSpec.all(config).forEach((name, spec) -> {
            boolean matrix = spec.shape().size() == 2 && name.startsWith(blocks);
            parameters.add(new StoredParameter(name, spec.shape(), matrix && Linear.inputFirst(config)));
        });
        return List.copyOf(parameters);
    }

    /** The shape as {@code [rows, columns]} of a matrix that maps columns to rows. */
    public List<Long> outputFirstShape() {
        return inputFirst ? shape.reversed() : shape;
    }
}
