package dev.mynah.model;

import dev.mynah.tensor.Nn;
import dev.mynah.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One block: attention, then a feed-forward network, each with a norm and a residual addition. */
final class Block {
    private final ModelConfig config;
    private final int layer;
    private final NormLayer norm1;
    private final List<Linear> qkv;
    private final @Nullable NormLayer qNorm;
    private final @Nullable NormLayer kNorm;
    private final Linear attentionOutput;
    private final NormLayer norm2;
    private final @Nullable Linear gate;
    private final Linear up;
    private final Linear down;

    /** What all blocks of one forward pass share. */
    record Pass(
            Attention attention,
            Rope.@Nullable Rotation rotation,
            @Nullable KvCache cache) {}

    Block(ModelConfig config, ParameterNames names, Map<String, Tensor> parameters, @Nullable Lora lora, int layer) {
        this.config = config;
        this.layer = layer;
        norm1 = NormLayer.of(config, parameters, names.block(layer, names.norm1()));
        qkv = names.qkv().stream()
                .map(name -> Linear.of(config, parameters, lora, names.block(layer, name)))
                .toList();
        qNorm = names.qNorm() == null ? null : NormLayer.of(config, parameters, names.block(layer, names.qNorm()));
        kNorm = names.kNorm() == null ? null : NormLayer.of(config, parameters, names.block(layer, names.kNorm()));
        attentionOutput = Linear.of(config, parameters, lora, names.block(layer, names.attentionOutput()));
        norm2 = NormLayer.of(config, parameters, names.block(layer, names.norm2()));
        gate = names.gate() == null ? null : Linear.of(config, parameters, lora, names.block(layer, names.gate()));
        up = Linear.of(config, parameters, lora, names.block(layer, names.up()));
        down = Linear.of(config, parameters, lora, names.block(layer, names.down()));
    }

    /** {@code [batch, time, width]} to the same shape. */
    Tensor forward(Tensor residual, Pass pass) {
        if (config.postNorm()) {
            Tensor attended = norm1.apply(residual.add(attention(residual, pass)));
            return norm2.apply(attended.add(mlp(attended)));
        }
        Tensor attended = residual.add(attention(norm1.apply(residual), pass));
        return attended.add(mlp(norm2.apply(attended)));
    }

    private Tensor attention(Tensor input, Pass pass) {
        List<Tensor> projected = project(input);
        Tensor queries = heads(projected.get(0), config.heads(), qNorm, pass.rotation);
        Tensor keys = heads(projected.get(1), config.kvHeads(), kNorm, pass.rotation);
        Tensor values = heads(projected.get(2), config.kvHeads(), null, null);
        if (pass.cache != null) {
            KvCache.Entry entry = pass.cache.append(layer, keys, values);
            keys = entry.keys();
            values = entry.values();
        }
        Tensor attended = pass.attention.attend(queries, keys, values).transpose(1, 2);
        return attentionOutput.apply(attended.reshape(input.size(0), input.size(1), config.queryWidth()));
    }

    private List<Tensor> project(Tensor input) {
        if (qkv.size() == 1) {
            Tensor together = qkv.getFirst().apply(input);
            return together.split(-1, config.queryWidth(), config.kvWidth(), config.kvWidth());
        }
        return qkv.stream().map(linear -> linear.apply(input)).toList();
    }

    /**
     * {@code [batch, time, heads * headDim]} to {@code [batch, heads, time, headDim]}, normalised and rotated where the
     * model does so.
     */
    private Tensor heads(Tensor projected, int count, @Nullable NormLayer norm, Rope.@Nullable Rotation rotation) {
        Tensor heads = projected.reshape(projected.size(0), projected.size(1), count, config.headDim());
        if (norm != null) {
            heads = norm.apply(heads);
        }
        if (rotation != null) {
            heads = rotation.apply(heads);
        }
        return heads.transpose(1, 2);
    }

    private Tensor mlp(Tensor input) {
        Tensor inner = up.apply(input);
        Tensor activated = switch (config.activation()) {
            case GELU_TANH -> Nn.gelu(inner, true);
            case GELU -> Nn.gelu(inner, false);
            case SWIGLU -> Nn.silu(requireGate().apply(input)).mul(inner);
        };
        return down.apply(activated);
    }

    private Linear requireGate() {
        if (gate == null) {
            throw new IllegalStateException("a block with SwiGLU has a gate");
        }
        return gate;
    }
}
