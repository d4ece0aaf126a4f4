package dev.mynah.model;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Nn;
import dev.mynah.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A norm over the last dimension; its statistics are taken in fp32 whatever the input's element type.
 *
 * @param weight {@code [size]}
 * @param bias   {@code [size]} for layer norm, null for RMS norm
 */
record NormLayer(Norm kind, Tensor weight, @Nullable Tensor bias, double eps) {

    static NormLayer of(ModelConfig config, Map<String, Tensor> parameters, String name) {
        return new NormLayer(
                config.norm(),
                Transformer.require(parameters, name + ".weight"),
                parameters.get(name + ".bias"),
                config.normEps());
    }

    Tensor apply(Tensor input) {
        DType dtype = input.dtype();
        return switch (kind) {
            case LAYER_NORM -> Nn.layerNorm(input, weight.to(dtype), bias == null ? null : bias.to(dtype), eps);
            case RMS_NORM -> Nn.rmsNorm(input, weight.to(dtype), eps);
            case RMS_NORM_OFFSET ->
                Nn.rmsNorm(input.to(DType.F32), weight.to(DType.F32).add(1), eps)
                        .to(dtype);
        };
    }
}
