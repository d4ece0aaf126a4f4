package dev.mynah.model.gguf;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where GGUF files hold the parameters of a Hugging Face checkpoint. */
final class TensorNames {
    private static final Pattern EXPERT = Pattern.compile("(.*\\.)experts\\.(\\d+)\\.(.*)");

    private static final Map<String, String> GPT2 = Map.ofEntries(
            Map.entry("transformer.wte", "token_embd"),
            Map.entry("transformer.wpe", "position_embd"),
            Map.entry("transformer.ln_f", "output_norm"),
            Map.entry("lm_head", "output"),
            Map.entry("ln_1", "attn_norm"),
            Map.entry("attn.c_attn", "attn_qkv"),
            Map.entry("attn.c_proj", "attn_output"),
            Map.entry("ln_2", "ffn_norm"),
            Map.entry("mlp.c_fc", "ffn_up"),
            Map.entry("mlp.c_proj", "ffn_down"));

    private static final Map<String, String> LLAMA = Map.ofEntries(
            Map.entry("model.embed_tokens", "token_embd"),
            Map.entry("model.norm", "output_norm"),
            Map.entry("lm_head", "output"),
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("self_attn.q_proj", "attn_q"),
            Map.entry("self_attn.k_proj", "attn_k"),
            Map.entry("self_attn.v_proj", "attn_v"),
            Map.entry("self_attn.o_proj", "attn_output"),
            Map.entry("self_attn.q_norm", "attn_q_norm"),
            Map.entry("self_attn.k_norm", "attn_k_norm"),
            Map.entry("post_attention_layernorm", "ffn_norm"),
            Map.entry("mlp.gate_proj", "ffn_gate"),
            Map.entry("mlp.up_proj", "ffn_up"),
            Map.entry("mlp.down_proj", "ffn_down"),
            // Phi-3: queries, keys and values in one, and gate and up in one
            Map.entry("self_attn.qkv_proj", "attn_qkv"),
            Map.entry("mlp.gate_up_proj", "ffn_up"),
            // Mixtral
            Map.entry("block_sparse_moe.gate", "ffn_gate_inp"),
            Map.entry("block_sparse_moe.w1", "ffn_gate_exps"),
            Map.entry("block_sparse_moe.w2", "ffn_down_exps"),
            Map.entry("block_sparse_moe.w3", "ffn_up_exps"),
            // Qwen's experts: one expert's layers stand above the same names of a plain layer, see place()
            Map.entry("mlp.gate", "ffn_gate_inp"),
            Map.entry("mlp.shared_expert.gate_proj", "ffn_gate_shexp"),
            Map.entry("mlp.shared_expert.up_proj", "ffn_up_shexp"),
            Map.entry("mlp.shared_expert.down_proj", "ffn_down_shexp"),
            Map.entry("mlp.shared_expert_gate", "ffn_gate_inp_shexp"));

    /** Norms on both sides of a sub-layer. */
    private static final Map<String, String> GEMMA = with(
            LLAMA,
            Map.of(
                    "post_attention_layernorm", "post_attention_norm",
                    "pre_feedforward_layernorm", "ffn_norm",
                    "post_feedforward_layernorm", "post_ffw_norm"));

    private final GgufArchitecture architecture;
    private final Map<String, String> names;

    TensorNames(GgufArchitecture architecture) {
        this.architecture = architecture;
        names = architecture == GgufArchitecture.GPT2 ? GPT2 : architecture.isGemma() ? GEMMA : LLAMA;
    }

    private static Map<String, String> with(Map<String, String> names, Map<String, String> others) {
        Map<String, String> all = new HashMap<>(names);
        all.putAll(others);
        return Map.copyOf(all);
    }

    /**
     * A tensor, or the part of one that belongs to one expert.
     *
     * @param expert index into the tensor's first dimension, or {@link #WHOLE}
     */
    record Place(String tensor, int expert) {
        static final int WHOLE = -1;

        boolean isExpert() {
            return expert != WHOLE;
        }
    }

    /** Where the parameter called {@code name} in a Hugging Face checkpoint lies. */
    Place place(String name) {
        String[] parts = name.split("\\.", 4);
        boolean inBlock = parts.length == 4 && (parts[1].equals("layers") || parts[1].equals("h"));
        String inner = inBlock ? parts[3] : name;
        Matcher expert = EXPERT.matcher(inner);
        boolean ofExpert = expert.matches();
        if (ofExpert) {
            inner = expert.group(1) + expert.group(3);
        }
        int dot = inner.lastIndexOf('.');
        String layer = names.get(inner.substring(0, dot));
        if (layer == null) {
            throw new IllegalArgumentException(
                    "GGUF files of the architecture " + architecture.id() + " have no tensor for " + name);
        }
        String suffix = ofExpert && !layer.endsWith("_exps") ? "_exps" : "";
        String tensor = (inBlock ? "blk." + parts[2] + "." : "") + layer + suffix + inner.substring(dot);
        return new Place(tensor, ofExpert ? Integer.parseInt(expert.group(2)) : Place.WHOLE);
    }
}
