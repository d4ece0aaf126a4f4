package dev.mynah.model;

import java.util.Locale;

/**
 * The architectures of Hugging Face's {@code transformers} whose checkpoints the {@link Transformer} reads and writes;
 * each is a set of features of a {@link ModelConfig}.
 */
public enum Family {
    GPT1("openai-gpt", "OpenAIGPTLMHeadModel"),
    GPT2("gpt2", "GPT2LMHeadModel"),
    /** Llama 1 to 3, and Mistral without a sliding window, which is the same network. */
    LLAMA("llama", "LlamaForCausalLM"),
    /** With a sliding window in every layer. */
    MISTRAL("mistral", "MistralForCausalLM"),
    QWEN2("qwen2", "Qwen2ForCausalLM"),
    QWEN3("qwen3", "Qwen3ForCausalLM"),
    GEMMA2("gemma2", "Gemma2ForCausalLM"),
    /** The text model. */
    GEMMA3("gemma3_text", "Gemma3ForCausalLM"),
    PHI3("phi3", "Phi3ForCausalLM"),
    MIXTRAL("mixtral", "MixtralForCausalLM"),
    QWEN2_MOE("qwen2_moe", "Qwen2MoeForCausalLM"),
    QWEN3_MOE("qwen3_moe", "Qwen3MoeForCausalLM");

    private final String modelType;
    private final String architecture;

    Family(String modelType, String architecture) {
        this.modelType = modelType;
        this.architecture = architecture;
    }

    /** The {@code model_type} of a {@code config.json}. */
    public String modelType() {
        return modelType;
    }

    /** The class name under {@code architectures} in a {@code config.json}. */
    public String architecture() {
        return architecture;
    }

    /**
     * The family that has exactly the features of {@code config}.
     *
     * @throws IllegalArgumentException if no family has them: such a network could be trained, but nothing could read
     *     it
     */
    static Family of(ModelConfig config) {
        if (config.positions() == Positions.LEARNED) {
            return gpt(config);
        }
        return config.norm() == Norm.RMS_NORM_OFFSET ? gemma(config) : llama(config);
    }

    private static Family gpt(ModelConfig config) {
        Needs needs = new Needs("learned positions");
        needs.that(config.norm() == Norm.LAYER_NORM, "norm", config.norm(), "layer_norm");
        needs.that(!config.activation().gated(), "activation", config.activation(), "gelu or gelu_tanh");
        needs.that(config.qkvBias() && config.outputBias() && config.mlpBias(), "biases", "partly off", "on");
        needs.not(config.qkNorm(), "qk_norm");
        needs.not(config.fusedLayout(), "a fused layout");
        needs.not(config.moe() != null, "experts");
        needs.not(config.attention().window() != null, "a sliding window");
        needs.plainScores(config);
        needs.that(config.kvHeads() == config.heads(), "kv_heads", config.kvHeads(), config.heads() + " (heads)");
        needs.that(
                config.headDim() * config.heads() == config.width(),
                "head_dim",
                config.headDim(),
                "width / heads = " + config.width() + " / " + config.heads());
        if (config.normPlacement() == NormPlacement.PRE) {
            return GPT2;
        }
        needs.that(config.normPlacement() == NormPlacement.POST, "norms", config.normPlacement(), "pre or post");
        Needs post = new Needs("learned positions and norms after the addition");
        post.that(config.activation() == Activation.GELU_TANH, "activation", config.activation(), "gelu_tanh");
        post.that(config.hidden() == 4 * config.width(), "hidden", config.hidden(), "4 * width");
        return GPT1;
    }

    private static Family gemma(ModelConfig config) {
        Needs needs = new Needs("norm rms_norm_offset");
        needs.that(config.normPlacement() == NormPlacement.SANDWICH, "norms", config.normPlacement(), "sandwich");
        needs.that(config.activation() == Activation.GEGLU_TANH, "activation", config.activation(), "geglu_tanh");
        needs.that(config.qkvBias() == config.outputBias(), "output_bias", config.outputBias(), "as qkv_bias");
        needs.not(config.mlpBias(), "mlp_bias");
        needs.not(config.fusedLayout(), "a fused layout");
        needs.not(config.moe() != null, "experts");
        needs.wholeHeads(config);
        needs.that(config.scaledEmbeddings(), "scaled embeddings", false, "true");
        needs.that(
                config.attention().scale() == 1 / Math.sqrt(HuggingFaceConfigWriter.queryScalar(config)),
                "a scale of attention",
                config.attention().scale(),
                "that is 1 by the root of a whole number");
        if (config.qkNorm()) {
            SlidingWindow window = config.attention().window();
            Needs gemma3 = new Needs("norm rms_norm_offset and q/k norms");
            gemma3.not(config.attention().softCap() != 0, "a soft cap of attention");
            gemma3.not(
                    window != null && !(window.rope().scaling() instanceof RopeScaling.None),
                    "rope scaling in sliding layers");
            return GEMMA3;
        }
        needs.oneRotation(config);
        return GEMMA2;
    }

    private static Family llama(ModelConfig config) {
        Needs needs = new Needs("rotary positions");
        needs.that(config.norm() == Norm.RMS_NORM, "norm", config.norm(), "rms_norm");
        needs.that(config.activation() == Activation.SWIGLU, "activation", config.activation(), "swiglu");
        needs.that(config.normPlacement() == NormPlacement.PRE, "norms", config.normPlacement(), "pre");
        needs.plainScores(config);
        needs.oneRotation(config);
        if (config.fusedLayout()) {
            return phi3(config);
        }
        needs.wholeHeads(config);
        if (config.moe() != null) {
            return mixture(config, config.moe());
        }
        if (config.qkNorm()) {
            Needs qkNorm = new Needs("q/k norms");
            qkNorm.that(config.qkvBias() == config.outputBias(), "output_bias", config.outputBias(), "as qkv_bias");
            qkNorm.not(config.mlpBias(), "mlp_bias");
            return QWEN3;
        }
        if (config.qkvBias() && !config.outputBias()) {
            new Needs("a bias on q, k and v only").not(config.mlpBias(), "mlp_bias");
            return QWEN2;
        }
        needs.that(config.qkvBias() == config.outputBias(), "output_bias", true, "false where qkv_bias is false");
        if (config.attention().window() == null) {
            return LLAMA;
        }
        Needs window = new Needs("a sliding window and neither q/k norms nor a bias on q, k and v only");
        window.everyLayer(config);
        window.not(config.qkvBias(), "qkv_bias");
        window.not(config.mlpBias(), "mlp_bias");
        return MISTRAL;
    }

    private static Family phi3(ModelConfig config) {
        Needs needs = new Needs("a fused layout");
        needs.not(config.qkvBias() || config.outputBias() || config.mlpBias(), "biases");
        needs.not(config.qkNorm(), "qk_norm");
        needs.not(config.moe() != null, "experts");
        needs.everyLayer(config);
        RopeScaling scaling = config.rope().scaling();
        needs.that(
                scaling instanceof RopeScaling.None || scaling instanceof RopeScaling.LongRope,
                "rope scaling",
                scaling,
                "none or longrope");
        return PHI3;
    }

    private static Family mixture(ModelConfig config, MoeOptions moe) {
        Needs needs = new Needs("experts");
        needs.not(config.mlpBias(), "mlp_bias");
        if (moe.sharedHidden() > 0) {
            Needs shared = new Needs("a shared expert");
            shared.not(config.qkNorm(), "qk_norm");
            shared.not(config.outputBias(), "output_bias");
            return QWEN2_MOE;
        }
        needs.everyLayer(config);
        needs.that(config.qkvBias() == config.outputBias(), "output_bias", config.outputBias(), "as qkv_bias");
        if (config.qkNorm()) {
            return QWEN3_MOE;
        }
        Needs plain = new Needs("experts and neither q/k norms nor a shared expert");
        plain.not(config.qkvBias(), "qkv_bias");
        plain.that(moe.normalised(), "normalised probabilities of experts", false, "true");
        plain.not(!moe.denseLayers().isEmpty(), "layers without experts");
        plain.that(moe.hidden() == config.hidden(), "hidden", config.hidden(), moe.hidden() + " (as in the experts)");
        return MIXTRAL;
    }

    /** What models with one feature must have beside it. */
    private record Needs(String feature) {

        void that(boolean ok, String name, Object found, String allowed) {
            if (!ok) {
                throw new IllegalArgumentException("a model with " + feature + " needs " + name + " " + allowed
                        + ", not " + found.toString().toLowerCase(Locale.ROOT));
            }
        }

        void not(boolean present, String name) {
            if (present) {
                throw new IllegalArgumentException("a model with " + feature + " has no " + name);
            }
        }

        void plainScores(ModelConfig config) {
            AttentionOptions attention = config.attention();
            not(attention.softCap() != 0, "soft cap of attention");
            not(config.logitSoftCap() != 0, "soft cap of logits");
            not(config.scaledEmbeddings(), "scaled embeddings");
            double usual = ModelConfigBuilder.usualScale(config.headDim());
            that(attention.scale() == usual, "a scale of attention", attention.scale(), "1 / sqrt(head_dim)");
        }

        void wholeHeads(ModelConfig config) {
            that(
                    config.rope().rotatedShare() == 1,
                    "partial_rotary_factor",
                    config.rope().rotatedShare(),
                    "1");
        }

        void oneRotation(ModelConfig config) {
            SlidingWindow window = config.attention().window();
            not(window != null && !window.rope().equals(config.rope()), "rotation of its own in sliding layers");
        }

        void everyLayer(ModelConfig config) {
            SlidingWindow window = config.attention().window();
            not(window != null && window.layers().size() != config.layers(), "sliding window in some layers only");
        }
    }
}
