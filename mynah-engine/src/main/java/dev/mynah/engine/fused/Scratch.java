package dev.mynah.engine.fused;

/**
 * What one worker computes in.
 *
 * @param rows    {@link FloatProducts#TILE} rows of a weight as floats
 * @param sums    the products of a tile
 * @param inputs  the columns that are multiplied at once
 * @param products of some rows with these columns
 * @param input   a layer's inputs in bfloat16, which all workers share
 * @param tile    rows of a weight in bfloat16
 * @param product a tile's products in bfloat16
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Scratch(
        float[] rows,
        float[] sums,
        float[][] inputs,
        float[] products,
        NativeMemory input,
        NativeMemory tile,
        NativeMemory product)
        implements AutoCloseable {
    private static final int ROWS_AT_ONCE = 64;

    /** For a model whose layers have up to {@code columns} inputs, over {@code input}. */
    static Scratch of(int tokens, int columns, NativeMemory input) {
        return new Scratch(
                new float[FloatProducts.TILE * Lanes.padded(columns)],
                new float[FloatProducts.TILE * FloatProducts.TILE],
                new float[RowFormat.EIGHT][],
                new float[RowFormat.EIGHT * ROWS_AT_ONCE],
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
