package dev.mynah.model.gguf;

import java.util.Map;

/** Names of tensors in GGUF files by their names in a Hugging Face checkpoint, without block and suffix. */
final class TensorNames {

    static final Map<String, String> GPT2 = Map.ofEntries(
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

    static final Map<String, String> LLAMA = Map.ofEntries(
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
            Map.entry("mlp.down_proj", "ffn_down"));

    private TensorNames() {}
}
