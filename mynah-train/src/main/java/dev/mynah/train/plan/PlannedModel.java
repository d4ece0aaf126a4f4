package dev.mynah.train.plan;

import dev.mynah.model.ModelConfig;

/**
 * As much of a model's shape as its training's cost depends on.
 *
 * @param parameters all of them, embeddings included
 * @param layers transformer blocks
 * @param width of the residual stream
 * @param heads of each attention
 * @param context tokens in a training sequence
 */
public record PlannedModel(long parameters, int layers, int width, int heads, int context) {

    private static final int HEAD = 128;

    public PlannedModel {
        if (parameters < 1 || layers < 1 || width < 1 || heads < 1 || context < 1) {
            throw new IllegalArgumentException("parameters, layers, width, heads and context must be at least 1");
        }
    }

    /** The shape that {@code config} has, trained on sequences of its whole context. */
    public static PlannedModel of(ModelConfig config) {
        return new PlannedModel(
                config.parameterCount(), config.layers(), config.width(), config.heads(), config.context());
    }

    /**
     * A shape for a number of parameters alone, with the proportions of the largest GPT-3 (Brown et al. 2020, table 2.1): {@code 12 * layers * width^2} parameters in the blocks, a width of 128
     * a layer, heads of 128.
     */
    public static PlannedModel ofParameters(long parameters, int context) {
        int layers = Math.max(1, (int) Math.round(Math.cbrt(parameters / (12.0 * HEAD * HEAD))));
        int heads = Math.max(1, (int) Math.round(Math.sqrt(parameters / (12.0 * layers)) / HEAD));
        return new PlannedModel(parameters, layers, heads * HEAD, heads, context);
    }

    /** Operations of training on one token, 6 for each parameter (Kaplan et al. 2020): the convention of published figures such as GPT-3's 3640 petaflop/s-days. */
    public double flopsPerToken() {
        return 6.0 * parameters;
    }

    /** Operations of attention's scores and sums on one token, which {@link #flopsPerToken} leaves out: {@code 12 * layers * width * context} (Chowdhery et al. 2022, appendix B). */
    public double attentionFlopsPerToken() {
        return 12.0 * layers * width * context;
    }
}
