package dev.mynah.model.weights;

import dev.mynah.model.ModelConfig;

/**
 * The two orders in which the rows of a head's query or key projection are stored. Rotary positions turn row {@code i} together with row {@code i + headDim / 2} in Hugging Face's order, and
 * neighbours in the interleaved order of llama.cpp's files of the Llama family.
 *
 * @param headDim rows of a head, or 1 where both orders are the same
 */
public record RowOrder(int headDim) {
    /** Rows stay where they are. */
    public static final RowOrder SAME = new RowOrder(1);

    /** The order of a parameter's rows, by its name in a Hugging Face checkpoint. */
    public static RowOrder of(ModelConfig config, String name) {
        boolean rotated = name.matches(".*\\.self_attn\\.[qk]_proj\\.(weight|bias)");
        return rotated ? new RowOrder(config.headDim()) : SAME;
    }

    /** Where the row at {@code interleaved} lies in the order of halves. */
    public long halves(long interleaved) {
        if (headDim == 1) {
            return interleaved;
        }
        long within = interleaved % headDim;
        return interleaved - within + within / 2 + within % 2 * (headDim / 2);
    }

    /** Where the row at {@code halves} lies in the interleaved order. */
    public long interleaved(long halves) {
        if (headDim == 1) {
            return halves;
        }
        long within = halves % headDim;
        int half = headDim / 2;
        return halves - within + within % half * 2 + within / half;
    }
}
