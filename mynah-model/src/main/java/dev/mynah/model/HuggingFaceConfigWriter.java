package dev.mynah.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes Hugging Face's {@code config.json} and {@code generation_config.json}. */
final class HuggingFaceConfigWriter {

    private HuggingFaceConfigWriter() {}

    static String write(ModelConfig config, GenerationConfig generation, String torchDtype) {
        return text(describe(config, generation, torchDtype));
    }

    /** As {@link #write(ModelConfig, GenerationConfig, String)} for a {@link ScalarModel}. */
    static String writeScalar(
            ModelConfig config,
            GenerationConfig generation,
            String torchDtype,
            int padId,
            String offsetName,
            double offset) {
        ObjectNode json = describe(config, generation, torchDtype);
        String architecture = config.family().architecture();
        json.putArray("architectures")
                .add(architecture.replaceAll("(ForCausalLM|LMHeadModel)$", "ForSequenceClassification"));
        json.putObject("id2label").put("0", "reward");
        json.putObject("label2id").put("reward", 0);
        json.put("pad_token_id", padId);
        json.put(offsetName, offset);
        return text(json);
    }

    private static ObjectNode describe(ModelConfig config, GenerationConfig generation, String torchDtype) {
        Family family = config.family();
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.putArray("architectures").add(family.architecture());
        json.put("model_type", family.modelType());
        json.put("torch_dtype", torchDtype);
        json.put("vocab_size", config.vocabSize());
        json.put("tie_word_embeddings", config.tiedEmbeddings());
        putIds(json, generation);
        if (config.positions() == Positions.LEARNED) {
            putGpt(json, config, family);
        } else {
            putLlama(json, config, family);
        }
        return json;
    }

    static String write(GenerationConfig generation) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        putIds(json, generation);
        putSampling(json, generation.sampling());
        return text(json);
    }

    /** Without {@code do_sample} transformers takes the most probable token, whatever the rest says. */
    private static void putSampling(ObjectNode json, SamplingDefaults sampling) {
        if (sampling.equals(SamplingDefaults.NONE)) {
            return;
        }
        json.put("do_sample", true);
        putIfSaid(json, "temperature", sampling.temperature());
        putIfSaid(json, "top_p", sampling.topP());
        putIfSaid(json, "top_k", sampling.topK());
        putIfSaid(json, "min_p", sampling.minP());
        putIfSaid(json, "repetition_penalty", sampling.repetitionPenalty());
    }

    private static void putIfSaid(ObjectNode json, String name, @Nullable Number value) {
        if (value != null) {
            json.putPOJO(name, value);
        }
    }

    private static String text(ObjectNode json) {
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    }

    /** Ids that are absent are written as null: the defaults of transformers are those of the original vocabularies. */
    private static void putIds(ObjectNode json, GenerationConfig generation) {
        json.put("bos_token_id", generation.bosId() < 0 ? (@Nullable Integer) null : (Integer) generation.bosId());
        List<Integer> eos = generation.eosIds();
        if (eos.isEmpty()) {
            json.putNull("eos_token_id");
        } else if (eos.size() == 1) {
            json.put("eos_token_id", eos.getFirst());
        } else {
            eos.forEach(json.putArray("eos_token_id")::add);
        }
    }

    private static void putGpt(ObjectNode json, ModelConfig config, Family family) {
        json.put("n_positions", config.context());
        json.put("n_layer", config.layers());
        json.put("n_embd", config.width());
        json.put("n_head", config.heads());
        json.put("layer_norm_epsilon", config.normEps());
        if (family == Family.GPT1) {
            json.put("afn", "gelu");
        } else {
            json.put("n_inner", config.hidden());
            json.put("activation_function", config.activation() == Activation.GELU ? "gelu" : "gelu_new");
        }
        for (String dropout : List.of("attn_pdrop", "embd_pdrop", "resid_pdrop")) {
            json.put(dropout, 0.0);
        }
    }

    private static void putLlama(ObjectNode json, ModelConfig config, Family family) {
        json.put("max_position_embeddings", config.context());
        json.put("num_hidden_layers", config.layers());
        json.put("hidden_size", config.width());
        json.put("num_attention_heads", config.heads());
        json.put("num_key_value_heads", config.kvHeads());
        json.put("head_dim", config.headDim());
        json.put("intermediate_size", config.hidden());
        json.put("hidden_act", config.activation() == Activation.GEGLU_TANH ? "gelu_pytorch_tanh" : "silu");
        json.put("rms_norm_eps", config.normEps());
        RopeJson.write(json, config.rope());
        putWindow(json, config, family);
        switch (family) {
            case LLAMA -> json.put("attention_bias", config.outputBias()).put("mlp_bias", config.mlpBias());
            case QWEN3, QWEN3_MOE -> json.put("attention_bias", config.outputBias());
            case QWEN2_MOE -> json.put("qkv_bias", config.qkvBias());
            case GEMMA2, GEMMA3 -> putGemma(json, config, family);
            case PHI3 -> json.putNull("pad_token_id");
            default -> {}
        }
        if (config.moe() != null) {
            putExperts(json, config.moe(), family);
        }
    }

    private static void putWindow(ObjectNode json, ModelConfig config, Family family) {
        SlidingWindow window = config.attention().window();
        switch (family) {
            case QWEN2, QWEN3, QWEN2_MOE, QWEN3_MOE -> json.put("use_sliding_window", window != null);
            default -> {}
        }
        json.put("sliding_window", window == null ? (@Nullable Integer) null : (Integer) window.size());
        switch (family) {
            case QWEN2, QWEN3, QWEN2_MOE, GEMMA2, GEMMA3 -> {
                ArrayNode types = json.putArray("layer_types");
                for (int layer = 0; layer < config.layers(); layer++) {
                    boolean slides = config.layer(layer).window() != LayerOptions.UNLIMITED;
                    types.add(slides ? HuggingFaceConfig.SLIDING : HuggingFaceConfig.FULL);
                }
            }
            default -> {}
        }
    }

    private static void putGemma(ObjectNode json, ModelConfig config, Family family) {
        json.put("hidden_activation", "gelu_pytorch_tanh");
        json.put("attention_bias", config.outputBias());
        json.put("query_pre_attn_scalar", queryScalar(config));
        putCap(json, "attn_logit_softcapping", config.attention().softCap());
        putCap(json, "final_logit_softcapping", config.logitSoftCap());
        json.putNull("pad_token_id");
        SlidingWindow window = config.attention().window();
        if (family == Family.GEMMA3 && window != null) {
            json.put("rope_local_base_freq", window.rope().theta());
        }
    }

    /** The number whose root divides Gemma's attention scores. */
    static int queryScalar(ModelConfig config) {
        double scale = config.attention().scale();
        return (int) Math.round(1 / (scale * scale));
    }

    private static void putCap(ObjectNode json, String name, double cap) {
        json.put(name, cap == 0 ? (@Nullable Double) null : (Double) cap);
    }

    private static void putExperts(ObjectNode json, MoeOptions moe, Family family) {
        json.put("num_experts_per_tok", moe.expertsPerToken());
        if (family == Family.MIXTRAL) {
            json.put("num_local_experts", moe.experts());
            return;
        }
        json.put("num_experts", moe.experts());
        json.put("moe_intermediate_size", moe.hidden());
        json.put("norm_topk_prob", moe.normalised());
        json.put("decoder_sparse_step", 1);
        moe.denseLayers().forEach(json.putArray("mlp_only_layers")::add);
        if (moe.sharedHidden() > 0) {
            json.put("shared_expert_intermediate_size", moe.sharedHidden());
        }
    }
}
