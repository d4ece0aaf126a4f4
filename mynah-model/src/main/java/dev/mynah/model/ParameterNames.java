package dev.mynah.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a family's checkpoints call their parameters. Names within a block follow {@link #block}; linear layers and
 * norms have a {@code .weight} and, where the configuration says so, a {@code .bias}.
 *
 * @param attentionNorm    the norm before attention, or after its addition where {@link NormPlacement#POST}
 * @param attentionOutNorm the norm of what attention gives; null but for {@link NormPlacement#SANDWICH}
 * @param qkv              one layer with queries, keys and values beside each other, or one for each
 * @param mlpNorm          as {@code attentionNorm}, for the feed-forward layer
 * @param mlpOutNorm       as {@code attentionOutNorm}
 * @param experts          null where no layer has experts
 * @param finalNorm        the norm before the head; null where norms follow their sub-layer
 */
public record ParameterNames(
        String tokens,
        @Nullable String positions,
        String blocks,
        String attentionNorm,
        @Nullable String attentionOutNorm,
        List<String> qkv,
        @Nullable String qNorm,
        @Nullable String kNorm,
        String attentionOutput,
        String mlpNorm,
        @Nullable String mlpOutNorm,
        Mlp mlp,
        @Nullable Experts experts,
        @Nullable String finalNorm,
        String head) {

    /**
     * A feed-forward layer.
     *
     * @param up the inner layer; with a gate, the gate and then the inner layer, or one layer with both beside each
     *           other
     */
    public record Mlp(List<String> up, String down) {
        Mlp in(String prefix) {
            return new Mlp(up.stream().map(prefix::concat).toList(), prefix + down);
        }
    }

    /**
     * A mixture of experts.
     *
     * @param prefix     before the number of an expert
     * @param expert     names within an expert
     * @param shared     the expert that computes every token; null where there is none
     * @param sharedGate its gate
     */
    public record Experts(
            String router,
            String prefix,
            Mlp expert,
            @Nullable Mlp shared,
            @Nullable String sharedGate) {
        /** The names of one expert. */
        public Mlp expert(int index) {
            return expert.in(prefix + index + ".");
        }
    }

    private static final Mlp SEPARATE = new Mlp(List.of("gate_proj", "up_proj"), "down_proj");

    /** The names of a family's checkpoints. */
    public static ParameterNames of(ModelConfig config) {
        Family family = config.family();
        return switch (family) {
            case GPT1 -> gpt("transformer.tokens_embed", "transformer.positions_embed", null);
            case GPT2 -> gpt("transformer.wte", "transformer.wpe", "transformer.ln_f");
            default -> llama(config, family);
        };
    }

    private static ParameterNames gpt(String tokens, String positions, @Nullable String finalNorm) {
        return new ParameterNames(
                tokens + ".weight",
                positions + ".weight",
                "transformer.h.",
                "ln_1",
                null,
                List.of("attn.c_attn"),
                null,
                null,
                "attn.c_proj",
                "ln_2",
                null,
                new Mlp(List.of("mlp.c_fc"), "mlp.c_proj"),
                null,
                finalNorm,
                "lm_head.weight");
    }

    private static ParameterNames llama(ModelConfig config, Family family) {
        boolean sandwich = config.normPlacement() == NormPlacement.SANDWICH;
        boolean fused = config.fusedLayout();
        return new ParameterNames(
                "model.embed_tokens.weight",
                null,
                "model.layers.",
                "input_layernorm",
                sandwich ? "post_attention_layernorm" : null,
                fused
                        ? List.of("self_attn.qkv_proj")
                        : List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
                config.qkNorm() ? "self_attn.q_norm" : null,
                config.qkNorm() ? "self_attn.k_norm" : null,
                "self_attn.o_proj",
                sandwich ? "pre_feedforward_layernorm" : "post_attention_layernorm",
                sandwich ? "post_feedforward_layernorm" : null,
                (fused ? new Mlp(List.of("gate_up_proj"), "down_proj") : SEPARATE).in("mlp."),
                experts(family),
                "model.norm",
                "lm_head.weight");
    }

    private static @Nullable Experts experts(Family family) {
        return switch (family) {
            case MIXTRAL ->
                new Experts(
                        "block_sparse_moe.gate",
                        "block_sparse_moe.experts.",
                        new Mlp(List.of("w1", "w3"), "w2"),
                        null,
                        null);
            case QWEN2_MOE ->
                new Experts(
                        "mlp.gate",
                        "mlp.experts.",
                        SEPARATE,
                        SEPARATE.in("mlp.shared_expert."),
                        "mlp.shared_expert_gate");
            case QWEN3_MOE -> new Experts("mlp.gate", "mlp.experts.", SEPARATE, null, null);
            default -> null;
        };
    }

    /** The full name of {@code name} within block {@code layer}. */
    public String block(int layer, String name) {
        return blocks + layer + "." + name;
    }
}
