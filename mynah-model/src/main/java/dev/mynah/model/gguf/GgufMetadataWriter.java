package dev.mynah.model.gguf;

import dev.mynah.model.Activation;
import dev.mynah.model.GenerationConfig;
import dev.mynah.model.ModelConfig;
import dev.mynah.model.MoeOptions;
import dev.mynah.model.Positions;
import dev.mynah.model.SlidingWindow;
import dev.mynah.model.weights.WeightType;
import dev.mynah.text.GgufVocabulary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
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
        writer.shape(architecture, config);
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

    private void shape(GgufArchitecture architecture, ModelConfig config) {
        String prefix = architecture.id() + ".";
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
        if (config.outputBias() && architecture != GgufArchitecture.LLAMA) {
            throw new IllegalArgumentException("llama.cpp has no " + architecture.id() + " with attention_bias");
        }
        boolean squareOnly = architecture == GgufArchitecture.PHI3 || architecture == GgufArchitecture.QWEN2_MOE;
        if (squareOnly && config.queryWidth() != config.width()) {
            throw new IllegalArgumentException("llama.cpp has no " + architecture.id() + " whose heads together are "
                    + config.queryWidth() + " wide in a width of " + config.width());
        }
        values.put(prefix + "attention.head_count_kv", config.kvHeads());
        values.put(prefix + "attention.key_length", config.headDim());
        values.put(prefix + "attention.value_length", config.headDim());
        values.put(prefix + "attention.layer_norm_rms_epsilon", (float) config.normEps());
        values.put(prefix + "rope.dimension_count", config.rope().rotatedDims(config.headDim()));
        values.put(prefix + "rope.freq_base", (float) config.rope().theta());
        GgufRope.metadata(config.rope()).forEach((key, value) -> values.put(prefix + key, value));
        if (architecture.isGemma()) {
            gemma(architecture, config);
        } else if (config.attention().window() != null) {
            throw new IllegalArgumentException(
                    "llama.cpp has no sliding window in the architecture " + architecture.id());
        }
        if (config.moe() != null) {
            experts(architecture, config.moe());
        }
    }

    private void gemma(GgufArchitecture architecture, ModelConfig config) {
        String prefix = architecture.id() + ".";
        double scale = 1 / Math.sqrt(architecture.queryScalar(config));
        if (Math.abs(config.attention().scale() / scale - 1) > 1e-9) {
            throw new IllegalArgumentException("llama.cpp computes " + architecture.id()
                    + " with query_pre_attn_scalar " + architecture.queryScalar(config) + " only");
        }
        if (config.attention().softCap() != 0) {
            values.put(prefix + "attn_logit_softcapping", (float)
                    config.attention().softCap());
        }
        if (config.logitSoftCap() != 0) {
            values.put(prefix + "final_logit_softcapping", (float) config.logitSoftCap());
        } else if (architecture == GgufArchitecture.GEMMA2) {
            throw new IllegalArgumentException("llama.cpp has no gemma2 without soft caps");
        }
        SlidingWindow window = config.attention().window();
        if (window != null) {
            values.put(prefix + GgufConfig.WINDOW, window.size());
            putPeriod(architecture, config, window);
            if (architecture == GgufArchitecture.GEMMA3) {
                values.put(prefix + "rope.freq_base_swa", (float) window.rope().theta());
            }
        } else if (architecture == GgufArchitecture.GEMMA2) {
            values.put(prefix + GgufConfig.WINDOW, config.context());
        }
    }

    private void putPeriod(GgufArchitecture architecture, ModelConfig config, SlidingWindow window) {
        for (int period = 1; period <= config.layers() + 1; period++) {
            int last = period - 1;
            int every = period;
            boolean fits = IntStream.range(0, config.layers())
                    .allMatch(layer -> window.layers().contains(layer) == (layer % every != last));
            if (fits) {
                boolean usual = period == architecture.windowPeriod();
                putIfPresent(architecture.id() + "." + GgufConfig.WINDOW + "_pattern", usual ? null : (Integer) period);
                return;
            }
        }
        throw new IllegalArgumentException(
                "llama.cpp has windows only in all layers between every n-th one, not in the layers "
                        + window.layers());
    }

    private void experts(GgufArchitecture architecture, MoeOptions moe) {
        String prefix = architecture.id() + ".";
        boolean qwen2 = architecture == GgufArchitecture.QWEN2_MOE;
        if (moe.normalised() == qwen2 || !moe.denseLayers().isEmpty()) {
            throw new IllegalArgumentException("llama.cpp computes " + architecture.id() + " with norm_topk_prob "
                    + !qwen2 + " and experts in every layer only");
        }
        values.put(prefix + "expert_count", moe.experts());
        values.put(prefix + "expert_used_count", moe.expertsPerToken());
        if (architecture != GgufArchitecture.LLAMA) {
            values.put(prefix + "expert_feed_forward_length", moe.hidden());
        }
        if (qwen2) {
            values.put(prefix + "expert_shared_feed_forward_length", moe.sharedHidden());
        }
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
