package dev.mynah.engine.fused;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Tensor;

/**
 * Activations: a column of {@code width} floats for each token of a pass, padded with zeros to whole vectors, and on demand the same in bfloat16 for matrix products.
 */
final class Columns {
    final float[][] values;
    final int width;

    /** The width rounded up to whole vectors. */
    private final int stride;

    Columns(int tokens, int width) {
        this.width = width;
        stride = Lanes.padded(width);
        values = new float[tokens][stride];
    }

    /** Columns that somebody else owns, to be written only; they need no padding. */
    Columns(float[][] values, int width) {
        this.width = width;
        stride = width;
        this.values = values;
    }

    /** Some of the columns of others, padded as those are. */
    static Columns of(float[][] values, int width) {
        return new Columns(values, width, Lanes.padded(width));
    }

    private Columns(float[][] values, int width, int stride) {
        this.width = width;
        this.stride = stride;
        this.values = values;
    }

    /** Bytes that the columns of {@code tokens} take as bfloat16. */
    static long rounded(int tokens, int width) {
        return 2L * tokens * Lanes.padded(width);
    }

    /** Writes the column of a token as bfloat16 to its place in {@code memory}. */
    void round(int token, NativeMemory memory) {
        long at = memory.address() + rounded(token, width);
        float[] column = values[token];
        for (int i = 0; i < stride; i += Lanes.LENGTH) {
            Lanes.storeBfloat16s(Lanes.floats(column, i), at + 2L * i);
        }
    }

    /** The rounded columns of {@code tokens} as a tensor {@code [tokens, width]}. */
    Tensor rounded(int tokens, NativeMemory memory) {
        return Tensor.fromSegment(memory.slice(0, rounded(tokens, width)), DType.BF16, tokens, stride)
                .narrow(1, 0, width);
    }
}
