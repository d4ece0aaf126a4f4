package dev.mynah.model.gguf;

import dev.mynah.model.Family;
import dev.mynah.model.HuggingFaceConfig;
import dev.mynah.model.ModelConfig;
import dev.mynah.model.weights.Weight;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says what the metadata of a GGUF file says in the words of Hugging Face's {@code config.json}, whose reader knows the defaults and what is supported.
 */
final class GgufConfig {
    static final String WINDOW = "attention.sliding_window";
    private static final String SPLITS = "split.count";
    /** A file that names more is refused where its configuration is checked. */
    private static final int MOST_LAYERS = 1 << 12;

    private final GgufFile file;
    private final GgufArchitecture architecture;
    private final GgufMetadata metadata;
    private final ObjectNode json = JsonMapper.shared().createObjectNode();

    private GgufConfig(GgufFile file, GgufArchitecture architecture) {
        this.file = file;
        this.architecture = architecture;
        this.metadata = file.metadata();
    }

    /** The architecture of a file; one that is not supported is refused by name. */
    static GgufArchitecture architecture(GgufFile file) {
        if (file.metadata().integer(SPLITS, 1) > 1) {
            throw file.metadata()
                    .error(SPLITS, "is not supported: the file is a part of a model; join the parts first");
        }
        String name = file.metadata().text("general.architecture");
        GgufArchitecture architecture = GgufArchitecture.named(name);
        if (architecture == null) {
            throw file.metadata()
                    .error("general.architecture", "is not supported; supported are " + GgufArchitecture.supported());
        }
        return architecture;
    }

    static ModelConfig read(GgufFile file, GgufArchitecture architecture) {
        return new GgufConfig(file, architecture).read();
    }

    private ModelConfig read() {
        Weight tokens = file.weight("token_embd.weight");
        if (tokens.shape().size() != 2) {
            throw new GgufFormatException(file.path() + ": tensor token_embd.weight must be a matrix");
        }
        json.put("vocab_size", tokens.shape().getFirst());
        json.put("tie_word_embeddings", !file.has("output.weight"));
        if (architecture == GgufArchitecture.GPT2) {
            json.put("model_type", architecture.family().modelType());
            gpt2();
        } else {
            json.put("model_type", llamaFamily().modelType());
            llama();
        }
        return HuggingFaceConfig.parse(file.path().toString(), json.toString());
    }

    private Family llamaFamily() {
        if (architecture != GgufArchitecture.LLAMA) {
            return architecture.family();
        }
        if (metadata.integer(key("expert_count"), 0) > 0) {
            return Family.MIXTRAL;
        }
        if (metadata.integer(key(WINDOW), 0) > 0) {
            return Family.MISTRAL;
        }
        boolean biasedInputs = file.has("blk.0.attn_q.bias");
        // A Llama has biases in all projections of its attention or in none.
        return biasedInputs && !file.has("blk.0.attn_output.bias") ? Family.QWEN2 : Family.LLAMA;
    }

    private void gpt2() {
        json.put("n_positions", metadata.integer(key("context_length")));
        json.put("n_layer", metadata.integer(key("block_count")));
        json.put("n_embd", metadata.integer(key("embedding_length")));
        json.put("n_head", metadata.integer(key("attention.head_count")));
        json.put("n_inner", metadata.integer(key("feed_forward_length")));
        json.put("layer_norm_epsilon", metadata.number(key("attention.layer_norm_epsilon"), 1e-5));
    }

    private void llama() {
        int heads = metadata.integer(key("attention.head_count"));
        int width = metadata.integer(key("embedding_length"));
        int headDim = metadata.integer(key("attention.key_length"), heads > 0 ? width / heads : 0);
        int layers = metadata.integer(key("block_count"));
        int context = metadata.integer(key("context_length"));
        json.put("max_position_embeddings", context);
        json.put("num_hidden_layers", layers);
        json.put("hidden_size", width);
        json.put("num_attention_heads", heads);
        json.put("num_key_value_heads", metadata.integer(key("attention.head_count_kv"), heads));
        json.put("head_dim", headDim);
        json.put("intermediate_size", metadata.integer(key("feed_forward_length")));
        json.put("rms_norm_eps", metadata.number(key("attention.layer_norm_rms_epsilon"), 1e-5));
        json.put("rope_theta", metadata.number(key("rope.freq_base"), 10_000));
        if (metadata.integer(key("attention.value_length"), headDim) != headDim) {
            throw metadata.error(
                    key("attention.value_length"), "is not supported; it must be that of keys, " + headDim);
        }
        rotatedPart(headDim);
        GgufRope.read(file, key(""), context, json);
        window(layers);
        switch (architecture) {
            case LLAMA -> {
                json.put("attention_bias", file.has("blk.0.attn_q.bias"));
                json.put("mlp_bias", file.has("blk.0.ffn_up.bias"));
            }
            case QWEN3, QWEN3_MOE -> json.put("attention_bias", file.has("blk.0.attn_q.bias"));
            case GEMMA2, GEMMA3 -> gemma(layers, width, heads, headDim);
            default -> {}
        }
        experts();
    }

    private void rotatedPart(int headDim) {
        String key = key("rope.dimension_count");
        int rotated = metadata.integer(key, headDim);
        if (rotated == headDim) {
            return;
        }
        if (architecture != GgufArchitecture.PHI3) {
            throw metadata.error(key, "is not supported; it must be the head's size, " + headDim);
        }
        json.put("partial_rotary_factor", (double) rotated / headDim);
    }

    /** Where there is no window, Hugging Face's own default must not stand in. */
    private void window(int layers) {
        int size = metadata.integer(key(WINDOW), architecture == GgufArchitecture.GEMMA2 ? 4096 : 0);
        if (size == 0) {
            json.putNull("sliding_window");
            return;
        }
        switch (architecture) {
            case QWEN2, QWEN3, QWEN2_MOE, QWEN3_MOE ->
                throw metadata.error(key(WINDOW), "is not supported in the architecture " + architecture.id());
            case GEMMA2, GEMMA3 -> {
                int period = metadata.integer(key(WINDOW + "_pattern"), architecture.windowPeriod());
                ArrayNode types = json.putArray("layer_types");
                for (int layer = 0; layer < Math.min(layers, MOST_LAYERS); layer++) {
                    boolean full = period > 0 && layer % period == period - 1;
                    types.add(full ? "full_attention" : "sliding_attention");
                }
            }
            default -> {}
        }
        json.put("sliding_window", size);
    }

    private void gemma(int layers, int width, int heads, int headDim) {
        boolean second = architecture == GgufArchitecture.GEMMA2;
        json.put("query_pre_attn_scalar", heads > 0 ? architecture.queryScalar(layers, width, heads, headDim) : 0);
        if (second) {
            json.put("attn_logit_softcapping", metadata.number(key("attn_logit_softcapping"), 50));
        } else {
            json.put("rope_local_base_freq", metadata.number(key("rope.freq_base_swa"), 10_000));
        }
        double cap = metadata.number(key("final_logit_softcapping"), second ? 30 : 0);
        json.put("final_logit_softcapping", cap == 0 ? (@Nullable Double) null : (Double) cap);
    }

    /** Old files name neither size of an expert; both are then as llama.cpp has them. */
    private void experts() {
        int count = metadata.integer(key("expert_count"), 0);
        if (count == 0) {
            return;
        }
        int used = metadata.integer(key("expert_used_count"));
        int dense = metadata.integer(key("feed_forward_length"));
        json.put("num_experts_per_tok", used);
        switch (architecture) {
            case LLAMA -> json.put("num_local_experts", count);
            case QWEN2_MOE, QWEN3_MOE -> {
                json.put("num_experts", count);
                json.put(
                        "moe_intermediate_size",
                        metadata.integer(key("expert_feed_forward_length"), dense / Math.max(1, used)));
                json.put("norm_topk_prob", architecture == GgufArchitecture.QWEN3_MOE);
            }
            default ->
                throw metadata.error(key("expert_count"), "is not supported in the architecture " + architecture.id());
        }
        if (architecture == GgufArchitecture.QWEN2_MOE) {
            json.put(
                    "shared_expert_intermediate_size",
                    metadata.integer(key("expert_shared_feed_forward_length"), dense));
        }
    }

    private String key(String name) {
        return architecture.id() + "." + name;
    }
}
