package dev.mynah.model;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The shape of an {@link Encoder}.
 *
 * @param vocabSize     rows of the token embedding
 * @param positions     rows of the position embedding
 * @param segments      rows of the segment embedding, of which single texts use the first
 * @param layers        number of blocks
 * @param width         size of the residual stream
 * @param heads         number of heads; divides {@code width}
 * @param hidden        inner size of the feed-forward layers
 * @param normEps       what is added to the variance under the root
 * @param activation    {@link Activation#GELU} or {@link Activation#GELU_TANH}
 * @param firstPosition the position of the first token: 0, or in RoBERTa the padding token's id plus 1
 */
public record EncoderConfig(
        int vocabSize,
        int positions,
        int segments,
        int layers,
        int width,
        int heads,
        int hidden,
        double normEps,
        Activation activation,
        int firstPosition) {
    private static final int MAX_SIZE = 1 << 26;
    private static final String SUPPORTED = "bert, roberta";

    public EncoderConfig {
        requireSize("vocab_size", vocabSize, MAX_SIZE);
        requireSize("max_position_embeddings", positions, MAX_SIZE);
        requireSize("type_vocab_size", segments, MAX_SIZE);
        requireSize("num_hidden_layers", layers, ModelConfig.MAX_LAYERS);
        requireSize("hidden_size", width, MAX_SIZE);
        requireSize("num_attention_heads", heads, width);
        requireSize("intermediate_size", hidden, MAX_SIZE);
        requireSize("positions for tokens", (long) positions - firstPosition, MAX_SIZE);
        if (width % heads != 0) {
            throw new IllegalArgumentException("hidden_size must be a multiple of num_attention_heads, but " + width
                    + " is not a multiple of " + heads);
        }
        if (!(normEps > 0) || firstPosition < 0) {
            throw new IllegalArgumentException("layer_norm_eps must be positive and the first position at least 0, not "
                    + normEps + " and " + firstPosition);
        }
    }

    private static void requireSize(String name, long value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + " must lie in 1.." + max + ", not " + value);
        }
    }

    /** Greatest number of tokens. */
    public int context() {
        return positions - firstPosition;
    }

    /** Whether a {@code config.json} is of a model that an {@link Encoder} computes, and not of a {@link Transformer}. */
    public static boolean isEncoder(Path file) throws IOException {
        String type = JsonFields.read(file).text("model_type", "");
        return type.equals("bert") || type.equals("roberta");
    }

    /**
     * Reads a {@code config.json}.
     *
     * @throws IllegalArgumentException if it is damaged, or asks for what is not computed
     */
    public static EncoderConfig read(Path file) throws IOException {
        return of(JsonFields.read(file));
    }

    static EncoderConfig of(JsonFields fields) {
        int firstPosition = switch (fields.text("model_type", "absent")) {
            case "bert" -> 0;
            case "roberta" -> fields.integer("pad_token_id", 1) + 1;
            default -> throw fields.error("model_type", "is not supported; supported encoders are " + SUPPORTED);
        };
        if (!fields.text("position_embedding_type", "absolute").equals("absolute")) {
            throw fields.error("position_embedding_type", "is not supported; the only supported value is absolute");
        }
        for (String name : new String[] {"is_decoder", "add_cross_attention", "quantization_config"}) {
            if (fields.has(name) && !fields.isFalse(name)) {
                throw fields.error(name, "is not supported");
            }
        }
        Activation activation = switch (fields.text("hidden_act", "gelu")) {
            case "gelu" -> Activation.GELU;
            case "gelu_new", "gelu_pytorch_tanh" -> Activation.GELU_TANH;
            default ->
                throw fields.error("hidden_act", "is not supported; supported are gelu, gelu_new, gelu_pytorch_tanh");
        };
        int vocabSize = fields.integer("vocab_size");
        int positions = fields.integer("max_position_embeddings", 512);
        int segments = fields.integer("type_vocab_size", 2);
        int layers = fields.integer("num_hidden_layers");
        int width = fields.integer("hidden_size");
        int heads = fields.integer("num_attention_heads");
        int hidden = fields.integer("intermediate_size");
        double normEps = fields.number("layer_norm_eps", 1e-12);
        return fields.located(() -> new EncoderConfig(
                vocabSize, positions, segments, layers, width, heads, hidden, normEps, activation, firstPosition));
    }
}
