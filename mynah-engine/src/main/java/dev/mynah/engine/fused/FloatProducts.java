package dev.mynah.engine.fused;

import jdk.incubator.vector.FloatVector;

/** Products of rows and columns that are floats already. */
final class FloatProducts {
    /** Rows, and columns, of a tile: sixteen sums and what they need fit into the registers. */
    static final int TILE = 4;

    private FloatProducts() {}

    /** The inner product of the first {@code length} elements; both arrays are zero from there to the next whole vector. */
    static float dot(float[] a, float[] b, int length) {
        int step = Lanes.LENGTH;
        FloatVector first = Lanes.zero();
        FloatVector second = Lanes.zero();
        int i = 0;
        for (; i <= length - 2 * step; i += 2 * step) {
            first = Lanes.floats(a, i).fma(Lanes.floats(b, i), first);
            second = Lanes.floats(a, i + step).fma(Lanes.floats(b, i + step), second);
        }
        for (; i < length; i += step) {
            first = Lanes.floats(a, i).fma(Lanes.floats(b, i), first);
        }
        return Lanes.sum(first.add(second));
    }

    /**
     * The products of four rows with four columns.
     *
     * @param rows   one after the other, {@code stride} apart, a multiple of the vector's length; zero from {@code length} to the next whole vector, as the columns are
     * @param sums   is given the product of row {@code r} and column {@code c} at {@code 4 r + c}
     */
    static void tile(
            float[] rows, int stride, int length, float[] x0, float[] x1, float[] x2, float[] x3, float[] sums) {
        FloatVector s00 = Lanes.zero(), s01 = s00, s02 = s00, s03 = s00;
        FloatVector s10 = s00, s11 = s00, s12 = s00, s13 = s00;
        FloatVector s20 = s00, s21 = s00, s22 = s00, s23 = s00;
        FloatVector s30 = s00, s31 = s00, s32 = s00, s33 = s00;
        for (int i = 0; i < length; i += Lanes.LENGTH) {
            FloatVector w0 = Lanes.floats(rows, i);
            FloatVector w1 = Lanes.floats(rows, stride + i);
            FloatVector w2 = Lanes.floats(rows, 2 * stride + i);
            FloatVector w3 = Lanes.floats(rows, 3 * stride + i);
            FloatVector x = Lanes.floats(x0, i);
            s00 = w0.fma(x, s00);
            s10 = w1.fma(x, s10);
            s20 = w2.fma(x, s20);
            s30 = w3.fma(x, s30);
            x = Lanes.floats(x1, i);
            s01 = w0.fma(x, s01);
            s11 = w1.fma(x, s11);
            s21 = w2.fma(x, s21);
            s31 = w3.fma(x, s31);
            x = Lanes.floats(x2, i);
            s02 = w0.fma(x, s02);
            s12 = w1.fma(x, s12);
            s22 = w2.fma(x, s22);
            s32 = w3.fma(x, s32);
            x = Lanes.floats(x3, i);
            s03 = w0.fma(x, s03);
            s13 = w1.fma(x, s13);
            s23 = w2.fma(x, s23);
            s33 = w3.fma(x, s33);
        }
        sums[0] = Lanes.sum(s00);
        sums[1] = Lanes.sum(s01);
        sums[2] = Lanes.sum(s02);
        sums[3] = Lanes.sum(s03);
        sums[4] = Lanes.sum(s10);
        sums[5] = Lanes.sum(s11);
        sums[6] = Lanes.sum(s12);
        sums[7] = Lanes.sum(s13);
        sums[8] = Lanes.sum(s20);
        sums[9] = Lanes.sum(s21);
        sums[10] = Lanes.sum(s22);
        sums[11] = Lanes.sum(s23);
        sums[12] = Lanes.sum(s30);
        sums[13] = Lanes.sum(s31);
        sums[14] = Lanes.sum(s32);
        sums[15] = Lanes.sum(s33);
    }
}
