package dev.mynah.engine.fused;

/**
 * Keys and values in blocks of {@link #BLOCK_TOKENS} positions, in fp32 or, in half the memory, in bfloat16. A block's keys lie dimension by dimension, so that one vector holds one dimension of many keys; its values lie position by
 * position. Heads are padded with zeros to whole vectors.
 *
 * <pre>
 *   layers x blocks x kvHeads x { keys [headDim, BLOCK_TOKENS], values [BLOCK_TOKENS, padded headDim] }
 * </pre>
 */
final class PagedCache implements AutoCloseable {
    /** Two vectors of keys, which are as many as the attention's kernel takes at a time. */
    static final int BLOCK_TOKENS = 32;

    private final int layers;
    private final int blocks;
    private final int headDim;
    private final int paddedDim;
    private final boolean rounded;
    private final int elementBytes;
    private final long headBytes;
    private final long blockBytes;
    private final NativeMemory memory;

    /**
     * An empty cache.
     *
     * @param rounded whether in bfloat16
     */
    PagedCache(int layers, int blocks, int kvHeads, int headDim, boolean rounded) {
        this.layers = layers;
        this.blocks = blocks;
        this.headDim = headDim;
        paddedDim = Lanes.padded(headDim);
        this.rounded = rounded;
        elementBytes = elementBytes(rounded);
        headBytes = (long) elementBytes * BLOCK_TOKENS * (headDim + paddedDim);
        blockBytes = kvHeads * headBytes;
        memory = new NativeMemory(Math.multiplyExact((long) blocks, blockBytes(layers, kvHeads, headDim, rounded)));
    }

    private static int elementBytes(boolean rounded) {
        return rounded ? Short.BYTES : Float.BYTES;
    }

    /** Bytes of a block in all layers. */
    static long blockBytes(int layers, int kvHeads, int headDim, boolean rounded) {
        return (long) elementBytes(rounded) * BLOCK_TOKENS * layers * kvHeads * (headDim + Lanes.padded(headDim));
    }

    int blocks() {
        return blocks;
    }

    int paddedDim() {
        return paddedDim;
    }

    int elementBytes() {
        return elementBytes;
    }

    boolean isRounded() {
        return rounded;
    }

    /** Where a head's keys lie in a block. */
    long keys(int layer, int block, int head) {
        return memory.address() + ((long) layer * blocks + block) * blockBytes + head * headBytes;
    }

    /** Where a head's values lie in a block. */
    long values(int layer, int block, int head) {
        return keys(layer, block, head) + (long) elementBytes * BLOCK_TOKENS * headDim;
    }

    /**
     * Writes the key and the value of a head.
     *
     * @param slot place in the block
     * @param at   where the head begins in {@code key} and {@code value}
     */
    void write(int layer, int block, int slot, int head, float[] key, float[] value, int at) {
        long keys = keys(layer, block, head) + (long) elementBytes * slot;
        long values = values(layer, block, head) + (long) elementBytes * slot * paddedDim;
        for (int i = 0; i < headDim; i++) {
            set(keys + (long) elementBytes * i * BLOCK_TOKENS, key[at + i]);
            set(values + (long) elementBytes * i, value[at + i]);
        }
    }

    private void set(long address, float value) {
        if (rounded) {
            Lanes.setBfloat16(address, value);
        } else {
            Lanes.setFloat32(address, value);
        }
    }

    void copyBlock(int from, int to) {
        for (int layer = 0; layer < layers; layer++) {
            Lanes.copy(keys(layer, from, 0), keys(layer, to, 0), blockBytes);
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
