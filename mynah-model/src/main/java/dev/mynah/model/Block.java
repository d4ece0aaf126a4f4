package dev.mynah.model;

import dev.mynah.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One block: attention, then a feed-forward network, each with its norms and a residual addition. */
final class Block {
    private final ModelConfig config;
    private final int layer;
    private final NormLayer attentionNorm;
    private final @Nullable NormLayer attentionOutNorm;
    private final List<Linear> qkv;
    private final @Nullable NormLayer qNorm;
    private final @Nullable NormLayer kNorm;
    private final Linear attentionOutput;
    private final NormLayer mlpNorm;
    private final @Nullable NormLayer mlpOutNorm;
    private final FeedForward feedForward;

    /**
     * What blocks with the same {@link LayerOptions} share in one forward pass.
     *
     * @param rotation of queries and keys; null without rotary positions
     * @param first    the first position that goes on; those before it are nothing but keys and values
     */
    record Pass(
            Attention attention,
            Rope.@Nullable Rotation rotation,
            @Nullable KvCache cache,
            int first) {

        /** The positions that go on, of {@code [batch, time, ...]}. */
        Tensor goingOn(Tensor all) {
            return first == 0 ? all : all.narrow(1, first, all.size(1) - first).contiguous();
        }

        Rope.@Nullable Rotation rotationOfQueries() {
            return rotation == null || first == 0 ? rotation : rotation.from(first);
        }
    }

    Block(ModelConfig config, ParameterNames names, Map<String, Tensor> parameters, @Nullable Lora lora, int layer) {
        this.config = config;
        this.layer = layer;
        String block = names.block(layer, "");
        attentionNorm = NormLayer.of(config, parameters, block + names.attentionNorm());
        attentionOutNorm = norm(parameters, block, names.attentionOutNorm());
        qkv = names.qkv().stream()
                .map(name -> Linear.of(config, parameters, lora, block + name))
                .toList();
        qNorm = norm(parameters, block, names.qNorm());
        kNorm = norm(parameters, block, names.kNorm());
        attentionOutput = Linear.of(config, parameters, lora, block + names.attentionOutput());
        mlpNorm = NormLayer.of(config, parameters, block + names.mlpNorm());
        mlpOutNorm = norm(parameters, block, names.mlpOutNorm());
        MoeOptions moe = config.moe(layer);
        feedForward = moe == null
                ? Mlp.of(config, parameters, lora, block, names.mlp())
                : MixtureOfExperts.of(config, parameters, block, names.experts(), moe);
    }

    private @Nullable NormLayer norm(Map<String, Tensor> parameters, String block, @Nullable String name) {
        return name == null ? null : NormLayer.of(config, parameters, block + name);
    }

    LayerOptions options() {
        return config.layer(layer);
    }

    /** {@code [batch, time, width]} to {@code [batch, time - first, width]}. */
    Tensor forward(Tensor input, Pass pass) {
        Tensor residual = pass.goingOn(input);
        if (config.normPlacement() == NormPlacement.POST) {
            Tensor attended = attentionNorm.apply(residual.add(attention(input, pass)));
            return mlpNorm.apply(attended.add(feedForward.apply(attended)));
        }
        Tensor attended = residual.add(normed(attentionOutNorm, attention(attentionNorm.apply(input), pass)));
        return attended.add(normed(mlpOutNorm, feedForward.apply(mlpNorm.apply(attended))));
    }

    private static Tensor normed(@Nullable NormLayer norm, Tensor input) {
        return norm == null ? input : norm.apply(input);
    }

    private Tensor attention(Tensor input, Pass pass) {
        List<Tensor> projected = project(input, pass);
        Tensor queries = heads(projected.get(0), config.heads(), qNorm, pass.rotationOfQueries());
        Tensor keys = heads(projected.get(1), config.kvHeads(), kNorm, pass.rotation);
        Tensor values = heads(projected.get(2), config.kvHeads(), null, null);
        if (pass.cache != null) {
            KvCache.Entry entry = pass.cache.append(layer, keys, values);
            keys = entry.keys();
            values = entry.values();
        }
        Tensor attended = pass.attention.attend(queries, keys, values).transpose(1, 2);
        return attentionOutput.apply(attended.reshape(attended.size(0), attended.size(1), config.queryWidth()));
    }

    /** Queries of the positions that go on, keys and values of all. */
    private List<Tensor> project(Tensor input, Pass pass) {
        if (qkv.size() == 1) {
            Tensor together = qkv.getFirst().apply(input);
            List<Tensor> parts = together.split(-1, config.queryWidth(), config.kvWidth(), config.kvWidth());
            return List.of(pass.goingOn(parts.get(0)), parts.get(1), parts.get(2));
        }
        return List.of(
                qkv.get(0).apply(pass.goingOn(input)),
                qkv.get(1).apply(input),
                qkv.get(2).apply(input));
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
}
