package dev.mynah.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a family's checkpoints call their parameters. Names within a block follow {@link #block}; linear layers and
 * norms have a {@code .weight} and, where the configuration says so, a {@code .bias}.
 *
 * @param qkv       one layer with queries, keys and values beside each other, or one for each
 * @param gate      the gate of SwiGLU
 * @param finalNorm the norm before the head; null where norms follow their sub-layer
 */
public record ParameterNames(
        String tokens,
        @Nullable String positions,
        String blocks,
        String norm1,
        List<String> qkv,
        @Nullable String qNorm,
        @Nullable String kNorm,
        String attentionOutput,
        String norm2,
        @Nullable String gate,
        String up,
        String down,
        @Nullable String finalNorm,
        String head) {

    /** The names of a configuration's family. */
    public static ParameterNames of(ModelConfig config) {
        return switch (config.family()) {
            case GPT1 -> gpt("transformer.tokens_embed", "transformer.positions_embed", null);
            case GPT2 -> gpt("transformer.wte", "transformer.wpe", "transformer.ln_f");
            case LLAMA, QWEN2 -> llama(null, null);
            case QWEN3 -> llama("self_attn.q_norm", "self_attn.k_norm");
        };
    }

    private static ParameterNames gpt(String tokens, String positions, @Nullable String finalNorm) {
        return new ParameterNames(
                tokens + ".weight",
                positions + ".weight",
                "transformer.h.",
                "ln_1",
                List.of("attn.c_attn"),
                null,
                null,
                "attn.c_proj",
                "ln_2",
                null,
                "mlp.c_fc",
                "mlp.c_proj",
                finalNorm,
                "lm_head.weight");
    }

    private static ParameterNames llama(@Nullable String qNorm, @Nullable String kNorm) {
        return new ParameterNames(
                "model.embed_tokens.weight",
                null,
                "model.layers.",
                "input_layernorm",
                List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
                qNorm,
                kNorm,
                "self_attn.o_proj",
                "post_attention_layernorm",
                "mlp.gate_proj",
                "mlp.up_proj",
                "mlp.down_proj",
                "model.norm",
                "lm_head.weight");
    }

    /** The full name of {@code name} within block {@code layer}. */
    public String block(int layer, String name) {
        return blocks + layer + "." + name;
    }
}
