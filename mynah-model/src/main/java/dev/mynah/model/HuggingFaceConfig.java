package dev.mynah.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Hugging Face's {@code config.json}, both ways.
 *
 * <p>An architecture that the {@link Transformer} does not compute, or a feature of a known one that it does not
 * compute, is refused by name: a guess would load and talk nonsense. Where a key is absent, the default of that
 * architecture's class in {@code transformers} holds.
 */
public final class HuggingFaceConfig {
    private static final String SUPPORTED = "gpt2, openai-gpt, llama, mistral, qwen2, qwen3";

    /** Keys that change what is computed in some architecture, none of which the {@link Transformer} computes. */
    private static final List<String> REFUSED = List.of(
            "quantization_config",
            "attn_logit_softcapping",
            "final_logit_softcapping",
            "num_experts",
            "num_local_experts",
            "attention_sinks",
            "logit_scale",
            "embedding_multiplier",
            "residual_multiplier",
            "attention_multiplier");

    private HuggingFaceConfig() {}

    /** Reads a {@code config.json}. */
    public static ModelConfig read(Path file) throws IOException {
        return of(JsonFields.read(file));
    }

    /** Parses the text of a {@code config.json}; {@code source} is how errors call it. */
    public static ModelConfig parse(String source, String json) {
        return of(JsonFields.parse(source, json.getBytes(StandardCharsets.UTF_8)));
    }

    static ModelConfig of(JsonFields fields) {
        if (!fields.has("model_type")) {
            throw new IllegalArgumentException(fields.source() + " lacks model_type; supported are " + SUPPORTED);
        }
        ModelConfigBuilder builder = switch (fields.text("model_type")) {
            case "gpt2" -> gpt2(fields);
            case "openai-gpt" -> gpt1(fields);
            case "llama" -> llama(fields);
            case "mistral" -> mistral(fields);
            case "qwen2" -> qwen2(fields);
            case "qwen3" -> qwen3(fields);
            default -> throw fields.error("model_type", "is not supported; supported are " + SUPPORTED);
        };
        for (String name : REFUSED) {
            if (fields.has(name)) {
                throw fields.error(name, "is not supported");
            }
        }
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(fields.source() + ": " + e.getMessage(), e);
        }
    }

    private static ModelConfigBuilder gpt2(JsonFields fields) {
        refuseUnless(fields, "scale_attn_weights", true);
        refuseUnless(fields, "scale_attn_by_inverse_layer_idx", false);
        refuseUnless(fields, "add_cross_attention", false);
        String activation = fields.text("activation_function", "gelu_new");
        ModelConfigBuilder builder = gptSizes(fields)
                .activation(
                        switch (activation) {
                            case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> Activation.GELU_TANH;
                            case "gelu" -> Activation.GELU;
                            default ->
                                throw fields.error(
                                        "activation_function",
                                        "is not supported; supported are gelu_new, gelu_pytorch_tanh, gelu_fast, gelu");
                        });
        return fields.has("n_inner") ? builder.hidden(fields.integer("n_inner")) : builder;
    }

    /** GPT-1's {@code "gelu"} is the tanh approximation. */
    private static ModelConfigBuilder gpt1(JsonFields fields) {
        requireText(fields, "afn", "gelu");
        return gptSizes(fields).activation(Activation.GELU_TANH).postNorm(true);
    }

    private static ModelConfigBuilder gptSizes(JsonFields fields) {
        return ModelConfig.gpt2()
                .vocabSize(fields.integer("vocab_size"))
                .context(fields.integer("n_positions"))
                .layers(fields.integer("n_layer"))
                .width(fields.integer("n_embd"))
                .heads(fields.integer("n_head"))
                .normEps(fields.number("layer_norm_epsilon", 1e-5))
                .tiedEmbeddings(fields.flag("tie_word_embeddings", true));
    }

    private static ModelConfigBuilder llama(JsonFields fields) {
        boolean attentionBias = fields.flag("attention_bias", false);
        return llamaSizes(fields)
                .kvHeads(fields.integer("num_key_value_heads", fields.integer("num_attention_heads")))
                .qkvBias(attentionBias)
                .outputBias(attentionBias)
                .mlpBias(fields.flag("mlp_bias", false));
    }

    /** An absent sliding window means one of 4096, a null one none; one that spans the context is not in use. */
    private static ModelConfigBuilder mistral(JsonFields fields) {
        int window =
                fields.names().contains("sliding_window") ? fields.integer("sliding_window", Integer.MAX_VALUE) : 4096;
        if (window < fields.integer("max_position_embeddings")) {
            throw fields.error(
                    "sliding_window", "(4096 where absent) is in use, which is not supported; it must be null");
        }
        return llamaSizes(fields).kvHeads(fields.integer("num_key_value_heads"));
    }

    private static ModelConfigBuilder qwen2(JsonFields fields) {
        refuseUnless(fields, "use_sliding_window", false);
        return llamaSizes(fields).kvHeads(fields.integer("num_key_value_heads")).qkvBias(true);
    }

    private static ModelConfigBuilder qwen3(JsonFields fields) {
        refuseUnless(fields, "use_sliding_window", false);
        boolean attentionBias = fields.flag("attention_bias", false);
        return llamaSizes(fields)
                .kvHeads(fields.integer("num_key_value_heads"))
                .headDim(fields.integer("head_dim", 128))
                .qkvBias(attentionBias)
                .outputBias(attentionBias)
                .qkNorm(true);
    }

    private static ModelConfigBuilder llamaSizes(JsonFields fields) {
        requireText(fields, "hidden_act", "silu");
        for (String type : fields.texts("layer_types")) {
            if (!type.equals("full_attention")) {
                throw new IllegalArgumentException(fields.source() + ": layer_types has " + type
                        + ", which is not supported; supported is full_attention");
            }
        }
        ModelConfigBuilder builder = ModelConfig.llama()
                .vocabSize(fields.integer("vocab_size"))
                .context(fields.integer("max_position_embeddings"))
                .layers(fields.integer("num_hidden_layers"))
                .width(fields.integer("hidden_size"))
                .heads(fields.integer("num_attention_heads"))
                .hidden(fields.integer("intermediate_size"))
                .normEps(fields.number("rms_norm_eps", 1e-6))
                .ropeTheta(ropeTheta(fields))
                .tiedEmbeddings(fields.flag("tie_word_embeddings", false));
        return fields.has("head_dim") ? builder.headDim(fields.integer("head_dim")) : builder;
    }

    /**
     * {@code rope_theta} stands at the top, or since transformers 5 inside {@code rope_parameters}, beside the kind of
     * scaling.
     */
    private static double ropeTheta(JsonFields fields) {
        refuseScaling(fields, "rope_scaling");
        refuseScaling(fields, "rope_parameters");
        refusePartialRotation(fields);
        double theta = fields.number("rope_theta", 10_000);
        JsonFields parameters = fields.object("rope_parameters");
        if (parameters == null) {
            return theta;
        }
        refusePartialRotation(parameters);
        return parameters.number("rope_theta", theta);
    }

    private static void refuseScaling(JsonFields fields, String name) {
        JsonFields scaling = fields.object(name);
        if (scaling == null) {
            return;
        }
        String type = scaling.text("rope_type", scaling.text("type", "default"));
        if (!type.equals("default")) {
            throw fields.error(name, "is not supported; the only supported rope_type is default");
        }
    }

    private static void refusePartialRotation(JsonFields fields) {
        if (fields.number("partial_rotary_factor", 1) != 1) {
            throw fields.error("partial_rotary_factor", "is not supported; the only supported value is 1");
        }
    }

    private static void refuseUnless(JsonFields fields, String name, boolean supported) {
        if (fields.flag(name, supported) != supported) {
            throw fields.error(name, "is not supported; the only supported value is " + supported);
        }
    }

    private static void requireText(JsonFields fields, String name, String supported) {
        if (!fields.text(name, supported).equals(supported)) {
            throw fields.error(name, "is not supported; the only supported value is " + supported);
        }
    }

    /**
     * The text of the {@code config.json} with which {@code transformers} loads this model.
     *
     * @param torchDtype the weights' dtype as PyTorch names it, such as {@code float32}
     */
    public static String write(ModelConfig config, GenerationConfig generation, String torchDtype) {
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

    private static String text(ObjectNode json) {
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
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

    /** The text of a {@code generation_config.json}. */
    public static String write(GenerationConfig generation) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        putIds(json, generation);
        return text(json);
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
        json.put("hidden_act", "silu");
        json.put("rms_norm_eps", config.normEps());
        json.put("rope_theta", config.ropeTheta());
        if (family == Family.QWEN2) {
            json.put("use_sliding_window", false);
        } else {
            json.put("attention_bias", config.outputBias());
        }
        if (family == Family.LLAMA) {
            json.put("mlp_bias", config.mlpBias());
        }
    }
}
