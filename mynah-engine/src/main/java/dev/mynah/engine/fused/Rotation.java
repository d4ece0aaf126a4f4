package dev.mynah.engine.fused;

import dev.mynah.model.RopeOptions;

/** Rotary position embeddings, with angles in single precision as {@link dev.mynah.model.Transformer} has them; the table of one pass. */
final class Rotation {
    private final int half;
    private final int step;
    private final int partner;
    private final float[] frequencies;
    private final double factor;
    private final float[][] cos;
    private final float[][] sin;

    /**
     * A table with room for so many tokens.
     *
     * @param context     positions that a sequence may have: frequencies that depend on its length are those of the longest
     * @param interleaved whether neighbours turn together, and not the halves of what is rotated of a head
     */
    Rotation(RopeOptions options, int headDim, int context, boolean interleaved, int tokens) {
        half = options.rotatedDims(headDim) / 2;
        step = interleaved ? 2 : 1;
        partner = interleaved ? 1 : half;
        frequencies = options.inverseFrequencies(headDim, context);
        factor = options.scaling().attentionFactor();
        cos = new float[tokens][half];
        sin = new float[tokens][half];
    }

    /** Sets the position of a column. */
    void set(int token, int position) {
        for (int i = 0; i < half; i++) {
            double angle = position * frequencies[i];
            cos[token][i] = (float) (factor * Math.cos(angle));
            sin[token][i] = (float) (factor * Math.sin(angle));
        }
    }

    /** Turns a head of a column, which begins at {@code at}. */
    void apply(int token, float[] values, int at) {
        float[] tokenCos = cos[token];
        float[] tokenSin = sin[token];
        for (int i = 0; i < half; i++) {
            int first = at + step * i;
            int second = first + partner;
            float a = values[first];
            float b = values[second];
            values[first] = a * tokenCos[i] - b * tokenSin[i];
            values[second] = b * tokenCos[i] + a * tokenSin[i];
        }
    }
}
