package dev.mynah.model.weights;

/**
 * How the elements of a weight are stored: one by one, or in blocks that share scales, as ggml lays them out (github.com/ggml-org/ggml, {@code ggml-common.h}). Rows are quantised one by
 * one along the last dimension, which is therefore a multiple of the block.
 */
public enum WeightType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    BF16(30, 1, 2),
    /** 32 elements: scale (f16), 4 bits each, offset 8. */
    Q4_0(2, 32, 18),
    /** 32 elements: scale, minimum (f16), 4 bits each. */
    Q4_1(3, 32, 20),
    /** 32 elements: scale (f16), fifth bits, 4 bits each, offset 16. */
    Q5_0(6, 32, 22),
    /** 32 elements: scale, minimum (f16), fifth bits, 4 bits each. */
    Q5_1(7, 32, 24),
    /** 32 elements: scale (f16), a signed byte each. */
    Q8_0(8, 32, 34),
    /** 256 elements in 8 groups with 6-bit scales and minima, 4 bits each. */
    Q4_K(12, 256, 144),
    /** 256 elements in 8 groups with 6-bit scales and minima, 5 bits each. */
    Q5_K(13, 256, 176),
    /** 256 elements in 16 groups with 8-bit scales, 6 bits each. */
    Q6_K(14, 256, 210);

    private final int ggmlId;
    private final int blockElements;
    private final int blockBytes;

    WeightType(int ggmlId, int blockElements, int blockBytes) {
        this.ggmlId = ggmlId;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /** The type's number in a GGUF file. */
    public int ggmlId() {
        return ggmlId;
    }

    public int blockElements() {
        return blockElements;
    }

    public int blockBytes() {
        return blockBytes;
    }

    /** Bytes of a row of so many elements, a multiple of {@link #blockElements()}. */
    public long rowBytes(long elements) {
        if (elements % blockElements != 0) {
            throw new IllegalArgumentException(
                    this + " stores blocks of " + blockElements + " elements, not a row of " + elements);
        }
        return Math.multiplyExact(elements / blockElements, blockBytes);
    }
}
