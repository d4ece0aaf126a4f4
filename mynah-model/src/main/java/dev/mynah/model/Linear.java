package dev.mynah.model;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Nn;
import dev.mynah.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer over a checkpoint's own tensors. The weight is cast to the input's element type inside the forward
 * pass, so that autograd gives gradients in the type of the master weight.
 *
 * @param weight     {@code [out, in]}, or {@code [in, out]} where {@code inputFirst}
 * @param bias       {@code [out]}
 * @param inputFirst whether the weight is stored as GPT-1 and GPT-2 do it
 * @param update     what an adapter adds; null without one
 */
record Linear(
        Tensor weight,
        @Nullable Tensor bias,
        boolean inputFirst,
        @Nullable LowRank update) {

    /** Checkpoints with learned positions store the input dimension first. */
    static boolean inputFirst(ModelConfig config) {
        return config.positions() == Positions.LEARNED;
    }

    static Linear of(ModelConfig config, Map<String, Tensor> parameters, @Nullable Lora lora, String name) {
        return new Linear(
                Transformer.require(parameters, name + ".weight"),
                parameters.get(name + ".bias"),
                inputFirst(config),
                lora == null ? null : lora.update(name));
    }

    /** {@code [..., in]} to {@code [..., out]}. */
    Tensor apply(Tensor input) {
        DType dtype = input.dtype();
        Tensor cast = weight.to(dtype);
        Tensor output =
                Nn.linear(input, inputFirst ? cast.transpose(0, 1) : cast, bias == null ? null : bias.to(dtype));
        return update == null ? output : output.add(update.apply(input));
    }
}
