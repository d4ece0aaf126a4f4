package dev.mynah.model.gguf;

import dev.mynah.model.HuggingFaceConfig;
import dev.mynah.model.ModelConfig;
import dev.mynah.model.weights.Weight;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says what the metadata of a GGUF file says in the words of Hugging Face's {@code config.json}, whose reader knows the defaults and what is supported.
 */
final class GgufConfig {
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
        json.put("model_type", architecture.modelType());
        Weight tokens = file.weight("token_embd.weight");
        if (tokens.shape().size() != 2) {
            throw new GgufFormatException(file.path() + ": tensor token_embd.weight must be a matrix");
        }
        json.put("vocab_size", tokens.shape().getFirst());
        json.put("tie_word_embeddings", !file.has("output.weight"));
        switch (architecture) {
            case GPT2 -> gpt2();
            case LLAMA, QWEN2, QWEN3 -> llama();
        }
        return HuggingFaceConfig.parse(file.path().toString(), json.toString());
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
        json.put("max_position_embeddings", metadata.integer(key("context_length")));
        json.put("num_hidden_layers", metadata.integer(key("block_count")));
        json.put("hidden_size", width);
        json.put("num_attention_heads", heads);
        json.put("num_key_value_heads", metadata.integer(key("attention.head_count_kv"), heads));
        json.put("head_dim", headDim);
        json.put("intermediate_size", metadata.integer(key("feed_forward_length")));
        json.put("rms_norm_eps", metadata.number(key("attention.layer_norm_rms_epsilon"), 1e-5));
        json.put("rope_theta", metadata.number(key("rope.freq_base"), 10_000));
        if (architecture != GgufArchitecture.QWEN2) {
            json.put("attention_bias", file.has("blk.0.attn_q.bias"));
        }
        if (architecture == GgufArchitecture.LLAMA) {
            json.put("mlp_bias", file.has("blk.0.ffn_up.bias"));
        }
        for (String same : List.of("attention.value_length", "rope.dimension_count")) {
            if (metadata.integer(key(same), headDim) != headDim) {
                throw metadata.error(key(same), "is not supported; it must be the head's size, " + headDim);
            }
        }
        String scaling = metadata.text(key("rope.scaling.type"), "none");
        if (!"none".equals(scaling)) {
            throw metadata.error(key("rope.scaling.type"), "is not supported; supported is none");
        }
    }

    private String key(String name) {
        return architecture.id() + "." + name;
    }
}
