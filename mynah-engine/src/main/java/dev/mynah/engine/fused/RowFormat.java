package dev.mynah.engine.fused;

import dev.mynah.model.weights.WeightType;

/** What a kernel does with one row of a weight, as its {@link WeightType} stores it. */
interface RowFormat {

    /**
     * Writes the row's elements as floats.
     *
     * @param row     address of the first byte
     * @param columns elements of the row, whole blocks of them
     * @param out     is given the elements from {@code at} on
     */
    void decode(long row, int columns, float[] out, int at);

    /**
     * Adds the products of rows that lie one after the other with {@code x}, whose elements from {@code columns} to the next whole vector are zero. The loop over the rows stands in the kernels, where
     * the end of one row runs beside the beginning of the next.
     *
     * @param first    address of the first byte
     * @param rowBytes bytes of a row
     * @param out      row {@code i}'s product is added at {@code at + i}
     * @param scratch  room for a row, whose elements from {@code columns} on are zero
     */
    default void addProducts(
            long first, long rowBytes, int rows, int columns, float[] x, float[] out, int at, float[] scratch) {
        for (int i = 0; i < rows; i++) {
            decode(first + i * rowBytes, columns, scratch, 0);
            out[at + i] += FloatProducts.dot(scratch, x, columns);
        }
    }

    static RowFormat of(WeightType type) {
        return switch (type) {
            case F32 -> new PlainRows.F32();
            case F16 -> new PlainRows.F16();
            case BF16 -> new PlainRows.BF16();
            case Q8_0 -> new BlockRows.Q8();
            case Q4_0 -> new BlockRows.Q4();
            case Q4_1 -> new BlockRows.Q4WithMinimum();
            case Q5_0 -> new BlockRows.Q5();
            case Q5_1 -> new BlockRows.Q5WithMinimum();
            case Q4_K -> new SuperBlockRows.Q4();
            case Q5_K -> new SuperBlockRows.Q5();
            case Q6_K -> new SuperBlockRows.Q6();
        };
    }
}
