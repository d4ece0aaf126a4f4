package dev.mynah.model;

import dev.mynah.tensor.Nn;
import dev.mynah.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A feed-forward layer of one inner layer.
 *
 * @param up the inner layer; with a gate, the gate and then the inner layer, or one layer with both beside each other
 */
record Mlp(Activation activation, List<Linear> up, Linear down) implements FeedForward {

    static Mlp of(
            ModelConfig config,
            Map<String, Tensor> parameters,
            @Nullable Lora lora,
            String block,
            ParameterNames.Mlp names) {
        return new Mlp(
                config.activation(),
                names.up().stream()
                        .map(name -> Linear.of(config, parameters, lora, block + name))
                        .toList(),
                Linear.of(config, parameters, lora, block + names.down()));
    }

    @Override
    public Tensor apply(Tensor input) {
        Tensor first = up.getFirst().apply(input);
        if (!activation.gated()) {
            return down.apply(activate(first));
        }
        List<Tensor> gated = up.size() == 1
                ? first.chunk(2, -1)
                : List.of(first, up.getLast().apply(input));
        return down.apply(activate(gated.getFirst()).mul(gated.getLast()));
    }

    private Tensor activate(Tensor inner) {
        return switch (activation) {
            case GELU_TANH, GEGLU_TANH -> Nn.gelu(inner, true);
            case GELU -> Nn.gelu(inner, false);
            case SWIGLU -> Nn.silu(inner);
        };
    }
}
