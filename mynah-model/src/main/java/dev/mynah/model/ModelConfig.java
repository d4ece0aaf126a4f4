package dev.mynah.model;

/**
 * The shape of a decoder-only transformer: everything that decides which parameters there are and what is computed with
 * them.
 *
 * <p>The features combine freely as far as some {@link Family} has that combination; {@link #family()} tells which.
 *
 * @param vocabSize     rows of the token embedding and of the head; every token id is below it
 * @param context       greatest number of positions
 * @param layers        number of blocks
 * @param width         size of the residual stream
 * @param heads         number of query heads
 * @param kvHeads       number of key and value heads; divides {@code heads} (grouped-query attention, Ainslie et al.
 *                      2023)
 * @param headDim       size of one head; {@code heads * headDim} need not be {@code width}
 * @param hidden        inner size of the feed-forward layers
 * @param norm          kind of normalisation
 * @param normEps       what is added to the variance under the root
 * @param postNorm      whether each norm follows its residual addition, with none at the end (GPT-1), instead of
 *                      standing before the sub-layer
 * @param positions     kind of positions
 * @param ropeTheta     base of the rotary wavelengths; read only with {@link Positions#ROPE}
 * @param activation    non-linearity of the feed-forward layers
 * @param qkvBias       whether the query, key and value projections have a bias
 * @param outputBias    whether the attention's output projection has a bias
 * @param mlpBias       whether the feed-forward matrices have a bias
 * @param qkNorm        whether queries and keys are normalised per head, before the rotation
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
        boolean postNorm,
        Positions positions,
        double ropeTheta,
        Activation activation,
        boolean qkvBias,
        boolean outputBias,
        boolean mlpBias,
        boolean qkNorm,
        boolean tiedEmbeddings) {

    // Above any published model, and low enough that no count overflows a long.
    private static final int MAX_LAYERS = 1 << 12;
    private static final int MAX_WIDTH = 1 << 20;
    private static final int MAX_ROWS = 1 << 26;

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
        if (positions == Positions.ROPE && headDim % 2 != 0) {
            throw new IllegalArgumentException("head_dim must be even with rotary positions, not " + headDim);
        }
        requirePositive("norm_eps", normEps);
        requirePositive("rope_theta", ropeTheta);
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

    /** Number of trained parameters, embeddings included, a tied head counted once. */
    public long parameterCount() {
        long embeddings = tokenEmbeddingCount() * (tiedEmbeddings ? 1 : 2) + positionEmbeddingCount();
        return embeddings + layers * blockCount() + (postNorm ? 0 : normCount());
    }

    /**
     * Floating point operations of training on one token, forward and backward: {@code 6 N + 12 layers heads headDim
     * context} (PaLM, Chowdhery et al. 2022, appendix B).
     *
     * <p>{@code N} counts the parameters that are multiplied with every token: all but the tables that are only looked
     * up (token and position embeddings), so the head counts, tied or not. As in that paper, attention counts the full
     * square of the context, not the half that a causal mask leaves. The forward pass alone is a third of it (Kaplan et
     * al. 2020, section 2.1).
     *
     * @param sequenceLength tokens that each token's sequence has, at most {@link #context()}
     */
    public long flopsPerToken(int sequenceLength) {
        long lookedUp = positionEmbeddingCount() + (tiedEmbeddings ? 0 : tokenEmbeddingCount());
        return 6 * (parameterCount() - lookedUp) + 12L * layers * queryWidth() * sequenceLength;
    }

    private long tokenEmbeddingCount() {
        return (long) vocabSize * width;
    }

    private long positionEmbeddingCount() {
        return positions == Positions.LEARNED ? (long) context * width : 0;
    }

    private long normCount() {
        return norm == Norm.LAYER_NORM ? 2L * width : width;
    }

    private long blockCount() {
        long inputs = queryWidth() + 2L * kvWidth();
        long attention =
                width * inputs + (long) queryWidth() * width + (qkvBias ? inputs : 0) + (outputBias ? width : 0);
        long upMatrices = activation == Activation.SWIGLU ? 2 : 1;
        long mlp = (upMatrices + 1) * width * hidden + (mlpBias ? upMatrices * hidden + width : 0);
        return attention + mlp + 2 * normCount() + (qkNorm ? 2L * headDim : 0);
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
}
