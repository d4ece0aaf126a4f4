package dev.mynah.model.gguf;

import dev.mynah.model.Activation;
import dev.mynah.model.GenerationConfig;
import dev.mynah.model.ModelConfig;
import dev.mynah.model.Positions;
import dev.mynah.model.RopeScaling;
import dev.mynah.model.weights.WeightType;
import dev.mynah.text.GgufVocabulary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Says in the keys of llama.cpp what a model is, and refuses what they cannot say. */
final class GgufMetadataWriter {
    private static final int QUANTIZATION_VERSION = 2;

    private final SequencedMap<String, Object> values = new LinkedHashMap<>();

    private GgufMetadataWriter() {}

    static SequencedMap<String, Object> of(
            GgufArchitecture architecture,
            ModelConfig config,
            GgufVocabulary vocabulary,
            GenerationConfig generation,
            String name,
            WeightType type) {
        GgufMetadataWriter writer = new GgufMetadataWriter();
        writer.values.put("general.architecture", architecture.id());
        writer.values.put("general.name", name);
        writer.values.put("general.file_type", fileType(type));
        writer.values.put("general.quantization_version", QUANTIZATION_VERSION);
        writer.shape(architecture.id() + ".", config);
        writer.tokenizer(vocabulary, generation);
        return writer.values;
    }

    /** llama.cpp's numbers for files whose matrices are mostly of one type. */
    private static int fileType(WeightType type) {
        return switch (type) {
            case F32 -> 0;
            case BF16 -> 32;
            case Q4_0 -> 2;
            case Q8_0 -> 7;
            default ->
                throw new IllegalArgumentException(
                        "writing GGUF files of " + type + " is not supported; supported are F32, BF16, Q8_0, Q4_0");
        };
    }

    private void shape(String prefix, ModelConfig config) {
        values.put(prefix + "vocab_size", config.vocabSize());
        values.put(prefix + "context_length", config.context());
        values.put(prefix + "embedding_length", config.width());
        values.put(prefix + "block_count", config.layers());
        values.put(prefix + "feed_forward_length", config.hidden());
        values.put(prefix + "attention.head_count", config.heads());
        if (config.positions() == Positions.LEARNED) {
            if (config.activation() != Activation.GELU_TANH) {
                throw new IllegalArgumentException(
                        "llama.cpp computes GPT-2 with gelu_new only, not " + config.activation());
            }
            values.put(prefix + "attention.layer_norm_epsilon", (float) config.normEps());
            return;
        }
        if (!(config.rope().scaling() instanceof RopeScaling.None)
                || config.attention().window() != null) {
            throw new IllegalArgumentException(
                    "writing GGUF files of models with RoPE scaling or a sliding window is not supported");
        }
        if (config.qkNorm() && config.qkvBias()) {
            throw new IllegalArgumentException("llama.cpp has no Qwen3 with attention_bias");
        }
        values.put(prefix + "attention.head_count_kv", config.kvHeads());
        values.put(prefix + "attention.key_length", config.headDim());
        values.put(prefix + "attention.value_length", config.headDim());
        values.put(prefix + "attention.layer_norm_rms_epsilon", (float) config.normEps());
        values.put(prefix + "rope.dimension_count", config.headDim());
        values.put(prefix + "rope.freq_base", (float) config.rope().theta());
    }

    private void tokenizer(GgufVocabulary vocabulary, GenerationConfig generation) {
        String prefix = GgufTokenizer.PREFIX;
        values.put(prefix + "model", vocabulary.model());
        putIfPresent(prefix + "pre", vocabulary.pre());
        values.put(prefix + "tokens", vocabulary.tokens());
        putIfAny(prefix + "scores", vocabulary.scores());
        putIfAny(prefix + "token_type", vocabulary.types());
        putIfAny(prefix + "merges", vocabulary.merges());
        List<Integer> ends = generation.eosIds();
        int eosId = vocabulary.eosId() < 0 && !ends.isEmpty() ? ends.getFirst() : vocabulary.eosId();
        putId("bos", vocabulary.bosId() < 0 ? generation.bosId() : vocabulary.bosId());
        putId("eos", eosId);
        putId("eot", ends.stream().filter(id -> id != eosId).findFirst().orElse(-1));
        putId("unknown", vocabulary.unknownId());
        putIfPresent(prefix + "add_bos_token", vocabulary.addBos());
        putIfPresent(prefix + "add_eos_token", vocabulary.addEos());
        putIfPresent(prefix + "add_space_prefix", vocabulary.addSpacePrefix());
        putIfPresent(GgufTokenizer.CHAT_TEMPLATE, vocabulary.chatTemplate());
    }

    private void putId(String name, int id) {
        putIfPresent(GgufTokenizer.PREFIX + name + "_token_id", id < 0 ? null : (Integer) id);
    }

    private void putIfPresent(String key, @Nullable Object value) {
        if (value != null) {
            values.put(key, value);
        }
    }

    private void putIfAny(String key, List<?> list) {
        putIfPresent(key, list.isEmpty() ? null : list);
    }
}
