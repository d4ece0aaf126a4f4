package dev.mynah.engine.fused;

/**
 * What one worker computes in.
 *
 * @param rows    {@link FloatProducts#TILE} rows of a weight as floats
 * @param sums    the products of a tile
 * @param input   a layer's inputs in bfloat16, which all workers share
 * @param tile    rows of a weight in bfloat16
 * @param product a tile's products in bfloat16
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Scratch(float[] rows, float[] sums, NativeMemory input, NativeMemory tile, NativeMemory product)
        implements AutoCloseable {

    /** For a model whose layers have up to {@code columns} inputs, over {@code input}. */
    static Scratch of(int tokens, int columns, NativeMemory input) {
        return new Scratch(
                new float[FloatProducts.TILE * Lanes.padded(columns)],
                new float[FloatProducts.TILE * FloatProducts.TILE],
                input,
                new NativeMemory(Linear.tileBytes(columns)),
                new NativeMemory(Linear.productBytes(tokens)));
    }

    @Override
    public void close() {
        tile.close();
        product.close();
    }
}
