package dev.mynah.model.weights;

import dev.mynah.model.ModelConfig;
import dev.mynah.model.StoredParameter;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a {@link Transformer} on the CPU: mapped from a folder, or those of a run that trains them. They are not copied, so whoever reads them sees what training writes; only the
 * matrices that GPT-2's checkpoints store input first are, each time they are asked for.
 */
public final class TransformerWeights implements WeightSource {
    private final Transformer model;
    private final @Nullable Scope owner;
    private final Set<String> inputFirst;

    /** Weights that are valid while the parameters are. */
    public TransformerWeights(Transformer model) {
        this(model, null);
    }

    /** As the other constructor; {@code owner}, to which parameters may belong, is closed with this. */
    public TransformerWeights(Transformer model, @Nullable Scope owner) {
        this.model = model;
        this.owner = owner;
        inputFirst = StoredParameter.of(model.config()).stream()
                .filter(StoredParameter::inputFirst)
                .map(StoredParameter::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public ModelConfig config() {
        return model.config();
    }

    @Override
    public boolean interleavedRope() {
        return false;
    }

    @Override
    public Weight weight(String name) {
        Tensor parameter = model.parameters().get(name);
        if (parameter == null) {
            throw new IllegalArgumentException("the model has no parameter " + name);
        }
        WeightType type = type(name, parameter.dtype());
        List<Long> shape = Arrays.stream(parameter.shape()).boxed().toList();
        if (inputFirst.contains(name)) {
            return new Weight(type, shape.reversed(), turned(parameter));
        }
        return new Weight(type, shape, parameter.segment());
    }

    private static MemorySegment turned(Tensor matrix) {
        try (Scope scope = Scope.open()) {
            MemorySegment turned = matrix.detach().transpose(0, 1).contiguous().segment();
            MemorySegment copy = Arena.ofAuto().allocate(turned.byteSize(), Long.BYTES);
            return copy.copyFrom(turned);
        }
    }

    private static WeightType type(String name, DType dtype) {
        return switch (dtype) {
            case F32 -> WeightType.F32;
            case F16 -> WeightType.F16;
            case BF16 -> WeightType.BF16;
            default ->
                throw new IllegalArgumentException(
                        "parameter " + name + " is stored as " + dtype + ", but it must be one of F32, F16, BF16");
        };
    }

    @Override
    public void close() {
        if (owner != null) {
            owner.close();
        }
    }
}
