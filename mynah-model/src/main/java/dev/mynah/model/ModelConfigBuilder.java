package dev.mynah.model;

import org.jspecify.annotations.Nullable;

/**
 * Sets a {@link ModelConfig} up by name. What is left unset follows from the rest: {@code kvHeads} is {@code heads},
 * {@code headDim} is {@code width / heads}, {@code attentionScale} is {@code 1 / sqrt(headDim)}, and {@code hidden} is
 * four times the width, or with a gate, where three matrices shall weigh as much as two, 8/3 of it rounded up to a
 * multiple of 64.
 */
public final class ModelConfigBuilder {
    private static final int UNSET = 0;

    private int vocabSize;
    private int context;
    private int layers;
    private int width;
    private int heads;
    private int kvHeads = UNSET;
    private int headDim = UNSET;
    private int hidden = UNSET;
    private Norm norm = Norm.RMS_NORM;
    private double normEps = 1e-5;
    private NormPlacement normPlacement = NormPlacement.PRE;
    private Positions positions = Positions.ROPE;
    private RopeOptions rope = RopeOptions.of(10_000);
    private double attentionScale = UNSET;
    private double attentionSoftCap;
    private @Nullable SlidingWindow window;
    private Activation activation = Activation.SWIGLU;
    private @Nullable MoeOptions moe;
    private boolean qkvBias;
    private boolean outputBias;
    private boolean mlpBias;
    private boolean qkNorm;
    private boolean fusedLayout;
    private boolean scaledEmbeddings;
    private double logitSoftCap;
    private boolean tiedEmbeddings;

    ModelConfigBuilder() {}

    ModelConfigBuilder(ModelConfig config) {
        vocabSize = config.vocabSize();
        context = config.context();
        layers = config.layers();
        width = config.width();
        heads = config.heads();
        kvHeads = config.kvHeads();
        headDim = config.headDim();
        hidden = config.hidden();
        norm = config.norm();
        normEps = config.normEps();
        normPlacement = config.normPlacement();
        positions = config.positions();
        rope = config.rope();
        attentionScale = config.attention().scale() == usualScale(headDim)
                ? UNSET
                : config.attention().scale();
        attentionSoftCap = config.attention().softCap();
        window = config.attention().window();
        activation = config.activation();
        moe = config.moe();
        qkvBias = config.qkvBias();
        outputBias = config.outputBias();
        mlpBias = config.mlpBias();
        qkNorm = config.qkNorm();
        fusedLayout = config.fusedLayout();
        scaledEmbeddings = config.scaledEmbeddings();
        logitSoftCap = config.logitSoftCap();
        tiedEmbeddings = config.tiedEmbeddings();
    }

    public ModelConfigBuilder vocabSize(int value) {
        vocabSize = value;
        return this;
    }

    public ModelConfigBuilder context(int value) {
        context = value;
        return this;
    }

    public ModelConfigBuilder layers(int value) {
        layers = value;
        return this;
    }

    public ModelConfigBuilder width(int value) {
        width = value;
        return this;
    }

    public ModelConfigBuilder heads(int value) {
        heads = value;
        return this;
    }

    public ModelConfigBuilder kvHeads(int value) {
        kvHeads = value;
        return this;
    }

    public ModelConfigBuilder headDim(int value) {
        headDim = value;
        return this;
    }

    public ModelConfigBuilder hidden(int value) {
        hidden = value;
        return this;
    }

    public ModelConfigBuilder norm(Norm value) {
        norm = value;
        return this;
    }

    public ModelConfigBuilder normEps(double value) {
        normEps = value;
        return this;
    }

    public ModelConfigBuilder normPlacement(NormPlacement value) {
        normPlacement = value;
        return this;
    }

    public ModelConfigBuilder positions(Positions value) {
        positions = value;
        return this;
    }

    public ModelConfigBuilder ropeTheta(double value) {
        rope = rope.withTheta(value);
        return this;
    }

    public ModelConfigBuilder rope(RopeOptions value) {
        rope = value;
        return this;
    }

    public ModelConfigBuilder attentionScale(double value) {
        attentionScale = value;
        return this;
    }

    public ModelConfigBuilder attentionSoftCap(double value) {
        attentionSoftCap = value;
        return this;
    }

    public ModelConfigBuilder window(@Nullable SlidingWindow value) {
        window = value;
        return this;
    }

    public ModelConfigBuilder activation(Activation value) {
        activation = value;
        return this;
    }

    public ModelConfigBuilder moe(@Nullable MoeOptions value) {
        moe = value;
        return this;
    }

    /** Sets all three kinds of bias. */
    public ModelConfigBuilder biases(boolean value) {
        return qkvBias(value).outputBias(value).mlpBias(value);
    }

    public ModelConfigBuilder qkvBias(boolean value) {
        qkvBias = value;
        return this;
    }

    public ModelConfigBuilder outputBias(boolean value) {
        outputBias = value;
        return this;
    }

    public ModelConfigBuilder mlpBias(boolean value) {
        mlpBias = value;
        return this;
    }

    public ModelConfigBuilder qkNorm(boolean value) {
        qkNorm = value;
        return this;
    }

    public ModelConfigBuilder fusedLayout(boolean value) {
        fusedLayout = value;
        return this;
    }

    public ModelConfigBuilder scaledEmbeddings(boolean value) {
        scaledEmbeddings = value;
        return this;
    }

    public ModelConfigBuilder logitSoftCap(double value) {
        logitSoftCap = value;
        return this;
    }

    public ModelConfigBuilder tiedEmbeddings(boolean value) {
        tiedEmbeddings = value;
        return this;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException if a size is missing or out of range, or no family has the features
     */
    public ModelConfig build() {
        if (headDim == UNSET && heads > 0 && width % heads != 0) {
            throw new IllegalArgumentException("width must be a multiple of heads where head_dim is not given, but "
                    + width + " is not a multiple of " + heads);
        }
        int size = headDim == UNSET && heads > 0 ? width / heads : headDim;
        double scale = attentionScale == UNSET ? usualScale(size) : attentionScale;
        ModelConfig config = new ModelConfig(
                vocabSize,
                context,
                layers,
                width,
                heads,
                kvHeads == UNSET ? heads : kvHeads,
                size,
                hidden == UNSET ? defaultHidden() : hidden,
                norm,
                normEps,
                normPlacement,
                positions,
                rope,
                new AttentionOptions(scale, attentionSoftCap, window),
                activation,
                moe,
                qkvBias,
                outputBias,
                mlpBias,
                qkNorm,
                fusedLayout,
                scaledEmbeddings,
                logitSoftCap,
                tiedEmbeddings);
        config.family(); // refuses what no family has
        return config;
    }

    static double usualScale(int headDim) {
        return 1 / Math.sqrt((double) headDim);
    }

    private int defaultHidden() {
        if (!activation.gated()) {
            return Math.max(0, (int) Math.min(4L * width, Integer.MAX_VALUE));
        }
        long exact = (8L * width + 2) / 3;
        return (int) Math.min((exact + 63) / 64 * 64, Integer.MAX_VALUE);
    }
}
