package dev.mynah.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Hugging Face's {@code config.json}, both ways.
 *
 * <p>An architecture that the {@link Transformer} does not compute, or a feature of a known one that it does not
 * compute, is refused by name: a guess would load and talk nonsense. Where a key is absent, the default of that
 * architecture's class in {@code transformers} holds.
 */
public final class HuggingFaceConfig {
    static final String SLIDING = "sliding_attention";
    static final String FULL = "full_attention";

    private static final String SUPPORTED =
            "gpt2, openai-gpt, llama, mistral, qwen2, qwen3, gemma2, gemma3, gemma3_text,"
                    + " phi3, mixtral, qwen2_moe, qwen3_moe";

    /** Keys that change what is computed in some architecture, none of which the {@link Transformer} computes. */
    private static final List<String> REFUSED = List.of(
            "quantization_config",
            "attention_sinks",
            "attention_chunk_size",
            "no_rope_layers",
            "clip_qkv",
            "alibi",
            "use_qk_norm",
            "use_bidirectional_attention",
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

    /**
     * The text of the {@code config.json} with which {@code transformers} loads this model.
     *
     * @param torchDtype the weights' dtype as PyTorch names it, such as {@code float32}
     */
    public static String write(ModelConfig config, GenerationConfig generation, String torchDtype) {
        return HuggingFaceConfigWriter.write(config, generation, torchDtype);
    }

    /** The text of a {@code generation_config.json}. */
    public static String write(GenerationConfig generation) {
        return HuggingFaceConfigWriter.write(generation);
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
            case "gemma2" -> gemma2(fields);
            case "gemma3_text" -> gemma3(fields);
            case "gemma3" -> gemma3(textPart(fields));
            case "phi3" -> phi3(fields);
            case "mixtral" -> mixtral(fields);
            case "qwen2_moe" -> qwen2Moe(fields);
            case "qwen3_moe" -> qwen3Moe(fields);
            default -> throw fields.error("model_type", "is not supported; supported are " + SUPPORTED);
        };
        refuse(fields, REFUSED);
        return fields.located(builder::build);
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
        return gptSizes(fields).activation(Activation.GELU_TANH).normPlacement(NormPlacement.POST);
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
        RopeOptions rope = RopeJson.read(fields, 10_000);
        if (!slidingLayers(fields, layer -> false).isEmpty()) {
            throw fields.error("layer_types", "is not supported; a llama has " + FULL + " only");
        }
        return dense(fields, rope)
                .kvHeads(fields.integer("num_key_value_heads", fields.integer("num_attention_heads")))
                .qkvBias(attentionBias)
                .outputBias(attentionBias)
                .mlpBias(fields.flag("mlp_bias", false));
    }

    /** An absent sliding window means one of 4096, a null one none. */
    private static ModelConfigBuilder mistral(JsonFields fields) {
        RopeOptions rope = RopeJson.read(fields, 10_000);
        return dense(fields, rope)
                .kvHeads(fields.integer("num_key_value_heads"))
                .window(window(fields, rope, fields.integer("sliding_window", 4096), everyLayer(fields)));
    }

    private static ModelConfigBuilder qwen2(JsonFields fields) {
        RopeOptions rope = RopeJson.read(fields, 10_000);
        return dense(fields, rope)
                .kvHeads(fields.integer("num_key_value_heads"))
                .qkvBias(true)
                .window(qwenWindow(fields, rope));
    }

    private static ModelConfigBuilder qwen3(JsonFields fields) {
        RopeOptions rope = RopeJson.read(fields, 10_000);
        return qwen3Attention(dense(fields, rope), fields)
                .headDim(fields.integer("head_dim", 128))
                .window(qwenWindow(fields, rope));
    }

    private static ModelConfigBuilder qwen3Attention(ModelConfigBuilder builder, JsonFields fields) {
        boolean attentionBias = fields.flag("attention_bias", false);
        return builder.kvHeads(fields.integer("num_key_value_heads"))
                .qkvBias(attentionBias)
                .outputBias(attentionBias)
                .qkNorm(true);
    }

    /** Where the file does not name the layers with a window, those from {@code max_window_layers} on have it. */
    private static @Nullable SlidingWindow qwenWindow(JsonFields fields, RopeOptions rope) {
        boolean used = fields.flag("use_sliding_window", false);
        int first = fields.integer("max_window_layers", 28);
        List<Integer> layers = slidingLayers(fields, layer -> used && layer >= first);
        if (!used && !layers.isEmpty()) {
            throw fields.error("layer_types", "is not supported where use_sliding_window is not true");
        }
        return window(fields, rope, fields.integer("sliding_window", 4096), layers);
    }

    private static ModelConfigBuilder gemma2(JsonFields fields) {
        RopeOptions rope = RopeJson.read(fields, 10_000);
        List<Integer> sliding = slidingLayers(fields, layer -> layer % 2 == 0);
        return gemma(fields, rope)
                .window(window(fields, rope, fields.integer("sliding_window", 4096), sliding))
                .attentionSoftCap(softCap(fields, "attn_logit_softcapping", 50))
                .logitSoftCap(softCap(fields, "final_logit_softcapping", 30));
    }

    /** The text model of one that also reads images, whose file leaves out what is as usual. */
    private static JsonFields textPart(JsonFields fields) {
        JsonFields text = fields.object("text_config");
        if (text == null) {
            throw new IllegalArgumentException(fields.source() + " lacks text_config");
        }
        return text.withDefaults(
                Map.of("vocab_size", 262_208, "max_position_embeddings", 131_072, "num_attention_heads", 8));
    }

    /** Layers with a window rotate by a base of their own. */
    private static ModelConfigBuilder gemma3(JsonFields fields) {
        refuse(fields, List.of("attn_logit_softcapping"));
        RopeOptions rope;
        RopeOptions local;
        JsonFields parameters = fields.object("rope_parameters");
        if (parameters == null) {
            rope = RopeJson.read(fields, 1_000_000);
            double localTheta = fields.number("rope_local_base_freq", 10_000);
            local = fields.located(() -> RopeOptions.of(localTheta));
        } else {
            rope = gemma3Rope(fields, parameters, FULL, 1_000_000);
            local = gemma3Rope(fields, parameters, SLIDING, 10_000);
        }
        int pattern = Math.max(1, fields.integer("sliding_window_pattern", 6));
        List<Integer> sliding = slidingLayers(fields, layer -> (layer + 1) % pattern != 0);
        return gemma(fields, rope)
                .qkNorm(true)
                .window(window(fields, local, fields.integer("sliding_window", 4096), sliding))
                .logitSoftCap(softCap(fields, "final_logit_softcapping", 0));
    }

    private static RopeOptions gemma3Rope(JsonFields fields, JsonFields parameters, String layers, double theta) {
        for (String name : parameters.names()) {
            if (!name.equals(FULL) && !name.equals(SLIDING)) {
                throw parameters.error(name, "is not supported; supported are " + FULL + ", " + SLIDING);
            }
        }
        JsonFields own = parameters.object(layers);
        return own == null ? RopeOptions.of(theta) : RopeJson.read(fields, own, theta, 1);
    }

    private static ModelConfigBuilder gemma(JsonFields fields, RopeOptions rope) {
        requireText(fields, "hidden_activation", "gelu_pytorch_tanh");
        boolean attentionBias = fields.flag("attention_bias", false);
        int queryScalar = fields.integer("query_pre_attn_scalar", 256);
        return sizes(ModelConfig.gemma(), fields, rope)
                .kvHeads(fields.integer("num_key_value_heads", 4))
                .headDim(fields.integer("head_dim", 256))
                .attentionScale(1 / Math.sqrt(queryScalar))
                .qkvBias(attentionBias)
                .outputBias(attentionBias)
                .tiedEmbeddings(fields.flag("tie_word_embeddings", true));
    }

    private static double softCap(JsonFields fields, String name, double absent) {
        return fields.isNull(name) ? 0 : fields.number(name, absent);
    }

    private static ModelConfigBuilder phi3(JsonFields fields) {
        RopeOptions rope = RopeJson.read(fields, 10_000);
        return dense(fields, rope)
                .normEps(fields.number("rms_norm_eps", 1e-5))
                .kvHeads(fields.integer("num_key_value_heads", fields.integer("num_attention_heads")))
                .fusedLayout(true)
                .window(window(
                        fields, rope, fields.integer("sliding_window", LayerOptions.UNLIMITED), everyLayer(fields)));
    }

    private static ModelConfigBuilder mixtral(JsonFields fields) {
        RopeOptions rope = RopeJson.read(fields, 1_000_000);
        int hidden = fields.integer("intermediate_size");
        MoeOptions moe = experts(fields, "num_local_experts", 8, 2, hidden, true, 0, List.of());
        return silu(fields, rope)
                .normEps(fields.number("rms_norm_eps", 1e-5))
                .kvHeads(fields.integer("num_key_value_heads", 8))
                .moe(moe)
                .window(window(
                        fields, rope, fields.integer("sliding_window", LayerOptions.UNLIMITED), everyLayer(fields)));
    }

    private static ModelConfigBuilder qwen2Moe(JsonFields fields) {
        RopeOptions rope = RopeJson.read(fields, 10_000);
        boolean used = fields.flag("use_sliding_window", false);
        int first = fields.integer("max_window_layers", 28);
        List<Integer> sliding = slidingLayers(fields, layer -> used && layer % 2 == 0 && layer < first);
        int shared = fields.integer("shared_expert_intermediate_size", 5632);
        MoeOptions moe = qwenExperts(fields, 60, 4, 1408, shared);
        return silu(fields, rope)
                .kvHeads(fields.integer("num_key_value_heads", 16))
                .qkvBias(fields.flag("qkv_bias", true))
                .moe(moe)
                .window(window(fields, rope, fields.integer("sliding_window", 4096), sliding));
    }

    private static ModelConfigBuilder qwen3Moe(JsonFields fields) {
        RopeOptions rope = RopeJson.read(fields, 10_000);
        boolean used = fields.flag("use_sliding_window", false);
        int size = used ? fields.integer("sliding_window", 4096) : LayerOptions.UNLIMITED;
        return qwen3Attention(silu(fields, rope), fields)
                .moe(qwenExperts(fields, 128, 8, 768, 0))
                .window(window(fields, rope, size, everyLayer(fields)));
    }

    /** Experts in every {@code decoder_sparse_step}-th layer, but for {@code mlp_only_layers}. */
    private static MoeOptions qwenExperts(JsonFields fields, int count, int perToken, int hidden, int sharedHidden) {
        int step = Math.max(1, fields.integer("decoder_sparse_step", 1));
        List<Integer> without = fields.integers("mlp_only_layers");
        List<Integer> dense = layers(fields)
                .filter(layer -> without.contains(layer) || (layer + 1) % step != 0)
                .boxed()
                .toList();
        return experts(
                fields,
                fields.has("num_experts") ? "num_experts" : "num_local_experts",
                count,
                perToken,
                fields.integer("moe_intermediate_size", hidden),
                fields.flag("norm_topk_prob", false),
                sharedHidden,
                dense);
    }

    private static MoeOptions experts(
            JsonFields fields,
            String countKey,
            int defaultCount,
            int defaultPerToken,
            int hidden,
            boolean normalised,
            int sharedHidden,
            List<Integer> dense) {
        int count = fields.integer(countKey, defaultCount);
        int perToken = fields.integer("num_experts_per_tok", defaultPerToken);
        return fields.located(() -> new MoeOptions(count, perToken, hidden, normalised, sharedHidden, dense));
    }

    private static ModelConfigBuilder dense(JsonFields fields, RopeOptions rope) {
        refuse(fields, List.of("num_experts", "num_local_experts"));
        return silu(fields, rope);
    }

    private static ModelConfigBuilder silu(JsonFields fields, RopeOptions rope) {
        requireText(fields, "hidden_act", "silu");
        refuse(fields, List.of("attn_logit_softcapping", "final_logit_softcapping"));
        return sizes(ModelConfig.llama(), fields, rope).tiedEmbeddings(fields.flag("tie_word_embeddings", false));
    }

    private static ModelConfigBuilder sizes(ModelConfigBuilder builder, JsonFields fields, RopeOptions rope) {
        builder.vocabSize(fields.integer("vocab_size"))
                .context(RopeJson.context(fields, rope))
                .layers(fields.integer("num_hidden_layers"))
                .width(fields.integer("hidden_size"))
                .heads(fields.integer("num_attention_heads"))
                .hidden(fields.integer("intermediate_size"))
                .normEps(fields.number("rms_norm_eps", 1e-6))
                .rope(rope);
        return fields.has("head_dim") ? builder.headDim(fields.integer("head_dim")) : builder;
    }

    /** A window that spans the context is not in use. */
    private static @Nullable SlidingWindow window(JsonFields fields, RopeOptions rope, int size, List<Integer> layers) {
        boolean none = layers.isEmpty() || fields.isNull("sliding_window");
        return none || size >= RopeJson.context(fields, rope)
                ? null
                : fields.located(() -> new SlidingWindow(size, layers, rope));
    }

    private static List<Integer> everyLayer(JsonFields fields) {
        for (String type : fields.texts("layer_types")) {
            if (!type.equals(fields.has("sliding_window") ? SLIDING : FULL)) {
                throw fields.error("layer_types", "is not supported; all layers of this architecture are of one kind");
            }
        }
        return layers(fields).boxed().toList();
    }

    private static List<Integer> slidingLayers(JsonFields fields, IntPredicate usual) {
        List<String> types = fields.texts("layer_types");
        if (types.isEmpty()) {
            return layers(fields).filter(usual).boxed().toList();
        }
        for (String type : types) {
            if (!type.equals(SLIDING) && !type.equals(FULL)) {
                throw fields.error("layer_types", "has " + type + "; supported are " + FULL + ", " + SLIDING);
            }
        }
        if (types.size() != fields.integer("num_hidden_layers")) {
            throw fields.error("layer_types", "must name " + fields.integer("num_hidden_layers") + " layers");
        }
        return layers(fields)
                .filter(layer -> types.get(layer).equals(SLIDING))
                .boxed()
                .toList();
    }

    private static IntStream layers(JsonFields fields) {
        return IntStream.range(0, Math.min(fields.integer("num_hidden_layers"), ModelConfig.MAX_LAYERS));
    }

    private static void refuse(JsonFields fields, List<String> names) {
        for (String name : names) {
            if (fields.has(name) && !fields.isFalse(name)) {
                throw fields.error(name, "is not supported");
            }
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
}
