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
    QWEN2("qwen2", "Qwen2ForCausalLM"),
    QWEN3("qwen3", "Qwen3ForCausalLM");

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
        return config.positions() == Positions.LEARNED ? gpt(config) : llama(config);
    }

    private static Family gpt(ModelConfig config) {
        String positions = "learned positions";
        require(config.norm() == Norm.LAYER_NORM, positions, "norm", config.norm(), "layer_norm");
        require(config.activation() != Activation.SWIGLU, positions, "activation", "swiglu", "gelu or gelu_tanh");
        require(config.qkvBias() && config.outputBias() && config.mlpBias(), positions, "biases", "partly off", "on");
        require(!config.qkNorm(), positions, "qk_norm", true, "false");
        require(
                config.kvHeads() == config.heads(),
                positions,
                "kv_heads",
                config.kvHeads(),
                config.heads() + " (heads)");
        require(
                config.headDim() * config.heads() == config.width(),
                positions,
                "head_dim",
                config.headDim(),
                "width / heads = " + config.width() + " / " + config.heads());
        if (!config.postNorm()) {
            return GPT2;
        }
        String postNorm = "learned positions and post_norm";
        require(config.activation() == Activation.GELU_TANH, postNorm, "activation", config.activation(), "gelu_tanh");
        require(config.hidden() == 4 * config.width(), postNorm, "hidden", config.hidden(), "4 * width");
        return GPT1;
    }

    private static Family llama(ModelConfig config) {
        String positions = "rotary positions";
        require(config.norm() == Norm.RMS_NORM, positions, "norm", config.norm(), "rms_norm");
        require(config.activation() == Activation.SWIGLU, positions, "activation", config.activation(), "swiglu");
        require(!config.postNorm(), positions, "post_norm", true, "false");
        if (config.qkNorm()) {
            require(
                    config.qkvBias() == config.outputBias(),
                    "q/k norms",
                    "output_bias",
                    config.outputBias(),
                    "as qkv_bias");
            require(!config.mlpBias(), "q/k norms", "mlp_bias", true, "false");
            return QWEN3;
        }
        if (config.qkvBias() == config.outputBias()) {
            return LLAMA;
        }
        require(config.qkvBias(), positions, "output_bias", true, "false where qkv_bias is false");
        require(!config.mlpBias(), "a bias on q, k and v only", "mlp_bias", true, "false");
        return QWEN2;
    }

    private static void require(boolean ok, String feature, String name, Object found, String allowed) {
        if (!ok) {
            throw new IllegalArgumentException("a model with " + feature + " needs " + name + " " + allowed + ", not "
                    + found.toString().toLowerCase(Locale.ROOT));
        }
    }
}
