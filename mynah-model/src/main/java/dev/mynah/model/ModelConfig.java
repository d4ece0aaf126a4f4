package dev.mynah.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a decoder-only transformer: everything that decides which parameters there are and what is computed with
 * them.
 *
 * <p>The features combine freely as far as some {@link Family} has that combination; {@link #family()} tells which.
 * {@link #layer(int)} gathers what differs between layers.
 *
 * @param vocabSize      rows of the token embedding and of the head; every token id is below it
 * @param context        greatest number of positions
 * @param layers         number of blocks
 * @param width          size of the residual stream
 * @param heads          number of query heads
 * @param kvHeads        number of key and value heads; divides {@code heads} (grouped-query attention, Ainslie et al.
 *                       2023)
 * @param headDim        size of one head; {@code heads * headDim} need not be {@code width}
 * @param hidden         inner size of the feed-forward layers
 * @param norm           kind of normalisation
 * @param normEps        what is added to the variance under the root
 * @param normPlacement  where a block's norms stand
 * @param positions      kind of positions
 * @param rope           the rotation; read only with {@link Positions#ROPE}
 * @param attention      how attention scores are formed, and which layers have a sliding window
 * @param activation     non-linearity of the feed-forward layers
 * @param moe            the experts in place of feed-forward layers; null where there are none
 * @param qkvBias        whether the query, key and value projections have a bias
 * @param outputBias     whether the attention's output projection has a bias
 * @param mlpBias        whether the feed-forward matrices have a bias
 * @param qkNorm         whether queries and keys are normalised per head, before the rotation
 * @param fusedLayout    whether a checkpoint holds queries, keys and values in one matrix, and gate and up in one
 *                       (Phi-3); the same is computed
 * @param scaledEmbeddings whether token embeddings are multiplied by {@code sqrt(width)}, rounded to their element type
 *                       (Gemma)
 * @param logitSoftCap   {@code c > 0}: a logit {@code l} becomes {@code c tanh(l / c)} (Gemma 2); 0 for none
 * @param tiedEmbeddings whether the head is the token embedding
 */
public record ModelConfig(
        int vocabSize,
        int context,
        int layers,
        int width,
        int heads,
        int kvHeads,
        int headDim,
        int hidden,
        Norm norm,
        double normEps,
        NormPlacement normPlacement,
        Positions positions,
        RopeOptions rope,
        AttentionOptions attention,
        Activation activation,
        @Nullable MoeOptions moe,
        boolean qkvBias,
        boolean outputBias,
        boolean mlpBias,
        boolean qkNorm,
        boolean fusedLayout,
        boolean scaledEmbeddings,
        double logitSoftCap,
        boolean tiedEmbeddings) {

    // Above any published model, and low enough that no count overflows a long.
    static final int MAX_LAYERS = 1 << 12;
    private static final int MAX_WIDTH = 1 << 20;
    private static final int MAX_ROWS = 1 << 26;
    private static final int MAX_EXPERTS = 1 << 17;

    /** Checks every size; the builder, which is the usual way, also checks that a family has these features. */
    public ModelConfig {
        requireSize("vocab_size", MAX_ROWS, vocabSize);
        requireSize("context", MAX_ROWS, context);
        requireSize("layers", MAX_LAYERS, layers);
        requireSize("width", MAX_WIDTH, width);
        requireSize("heads", MAX_WIDTH, heads);
        requireSize("kv_heads", MAX_WIDTH, kvHeads);
        requireSize("head_dim", MAX_WIDTH, headDim);
        requireSize("hidden", MAX_WIDTH, hidden);
        requireSize("heads * head_dim", MAX_WIDTH, (long) heads * headDim);
        if (heads % kvHeads != 0) {
            throw new IllegalArgumentException(
                    "heads must be a multiple of kv_heads, but " + heads + " is not a multiple of " + kvHeads);
        }
        requirePositive("norm_eps", normEps);
        requirePositive("the scale of attention", attention.scale());
        requireCap("the soft cap of attention", attention.softCap());
        requireCap("the soft cap of logits", logitSoftCap);
        if (positions == Positions.ROPE) {
            rope.check(headDim);
        }
        SlidingWindow window = attention.window();
        if (window != null) {
            requireLayers("sliding_window", window.layers(), layers);
            window.rope().check(headDim);
        }
        if (moe != null) {
            requireSize("experts * layers", MAX_EXPERTS, (long) moe.experts() * layers);
            requireSize("hidden of an expert", MAX_WIDTH, moe.hidden());
            requireSize("hidden of the shared expert", MAX_WIDTH, Math.max(1, moe.sharedHidden()));
            requireLayers("dense layers", moe.denseLayers(), layers);
        }
    }

    /** A builder with the features of GPT-2: learned positions, layer norm, tanh GELU, biases, tied embeddings. */
    public static ModelConfigBuilder gpt2() {
        return new ModelConfigBuilder()
                .norm(Norm.LAYER_NORM)
                .positions(Positions.LEARNED)
                .activation(Activation.GELU_TANH)
                .biases(true)
                .tiedEmbeddings(true);
    }

    /** A builder with the features of Llama: rotary positions, RMS norm, SwiGLU, no biases, a head of its own. */
    public static ModelConfigBuilder llama() {
        return new ModelConfigBuilder()
                .norm(Norm.RMS_NORM)
                .positions(Positions.ROPE)
                .activation(Activation.SWIGLU)
                .biases(false)
                .tiedEmbeddings(false);
    }

    /**
     * A builder with the features of Gemma 2: a norm on both sides of each sub-layer, tanh GEGLU, scaled and tied
     * embeddings.
     */
    public static ModelConfigBuilder gemma() {
        return new ModelConfigBuilder()
                .norm(Norm.RMS_NORM_OFFSET)
                .normPlacement(NormPlacement.SANDWICH)
                .positions(Positions.ROPE)
                .activation(Activation.GEGLU_TANH)
                .biases(false)
                .scaledEmbeddings(true)
                .tiedEmbeddings(true);
    }

    /** A builder that starts from this configuration. */
    public ModelConfigBuilder toBuilder() {
        return new ModelConfigBuilder(this);
    }

    /**
     * The Hugging Face architecture with these features.
     *
     * @throws IllegalArgumentException if none has them
     */
    public Family family() {
        return Family.of(this);
    }

    /** Width of all query heads together. */
    public int queryWidth() {
        return heads * headDim;
    }

    /** Width of all key heads together, which is that of all value heads. */
    public int kvWidth() {
        return kvHeads * headDim;
    }

    /** What is particular to the attention of one layer. */
    public LayerOptions layer(int layer) {
        SlidingWindow window = attention.window();
        return window != null && window.layers().contains(layer)
                ? new LayerOptions(window.size(), window.rope())
                : new LayerOptions(LayerOptions.UNLIMITED, rope);
    }

    /** The experts of one layer; null where it has the plain feed-forward layer. */
    public @Nullable MoeOptions moe(int layer) {
        return moe == null || moe.denseLayers().contains(layer) ? null : moe;
    }

    /** What token embeddings are multiplied by. */
    public double embeddingScale() {
        return scaledEmbeddings ? Math.sqrt(width) : 1;
    }

    /** Number of trained parameters, embeddings included, a tied head counted once. */
    public long parameterCount() {
        return ParameterSpec.all(this).values().stream()
                .mapToLong(ParameterSpec::elements)
                .sum();
    }

    /**
     * Floating point operations of training on one token, forward and backward: {@code 6 N + 12 layers heads headDim
     * context} (PaLM, Chowdhery et al. 2022, appendix B).
     *
     * <p>{@code N} counts the parameters that are multiplied with every token: all but the tables that are only looked
     * up (token and position embeddings), so the head counts, tied or not, and of a mixture as many experts as compute
     * a token. As in that paper, attention counts the full square of the context (or of a layer's window), not the half
     * that a causal mask leaves. The forward pass alone is a third of it (Kaplan et al. 2020, section 2.1).
     *
     * @param sequenceLength tokens that each token's sequence has, at most {@link #context()}
     */
    public long flopsPerToken(int sequenceLength) {
        long lookedUp = (positions == Positions.LEARNED ? (long) context * width : 0)
                + (tiedEmbeddings ? 0 : (long) vocabSize * width);
        long idle = 0;
        long scores = 0;
        for (int layer = 0; layer < layers; layer++) {
            MoeOptions experts = moe(layer);
            idle += experts == null
                    ? 0
                    : 3L * width * experts.hidden() * (experts.experts() - experts.expertsPerToken());
            scores +=
                    (long) queryWidth() * Math.min(sequenceLength, layer(layer).window());
        }
        return 6 * (parameterCount() - lookedUp - idle) + 12 * scores;
    }

    private static void requireSize(String name, int max, long value) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + " must lie in 1.." + max + ", not " + value);
        }
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " must be a positive number, not " + value);
        }
    }

    private static void requireCap(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " must be a positive number, or 0 for none, not " + value);
        }
    }

    private static void requireLayers(String name, List<Integer> indices, int layers) {
        for (int index : indices) {
            if (index < 0 || index >= layers) {
                throw new IllegalArgumentException(
                        name + " names layer " + index + ", but the layers are 0.." + (layers - 1));
            }
        }
    }
}
