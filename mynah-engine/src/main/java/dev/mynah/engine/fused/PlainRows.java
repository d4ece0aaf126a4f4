package dev.mynah.engine.fused;

import jdk.incubator.vector.FloatVector;

/** Rows that store their elements one by one. Four sums go on beside each other, since an addition waits for the one before it. */
final class PlainRows {
    private PlainRows() {}

    static final class F32 implements RowFormat {
        @Override
        public void decode(long row, int columns, float[] out, int at) {
            int whole = columns - columns % Lanes.LENGTH;
            for (int i = 0; i < whole; i += Lanes.LENGTH) {
                Lanes.floats(row + 4L * i).intoArray(out, at + i);
            }
            for (int i = whole; i < columns; i++) {
                out[at + i] = Lanes.float32(row + 4L * i);
            }
        }

        @Override
        public void addProducts(
                long first, long rowBytes, int rows, int columns, float[] x, float[] out, int at, float[] scratch) {
            int step = Lanes.LENGTH;
            for (int r = 0; r < rows; r++) {
                long row = first + r * rowBytes;
                FloatVector a = Lanes.zero();
                FloatVector b = a;
                FloatVector c = a;
                FloatVector d = a;
                int i = 0;
                for (; i <= columns - 4 * step; i += 4 * step) {
                    long address = row + 4L * i;
                    a = Lanes.floats(address).fma(Lanes.floats(x, i), a);
                    b = Lanes.floats(address + 4L * step).fma(Lanes.floats(x, i + step), b);
                    c = Lanes.floats(address + 8L * step).fma(Lanes.floats(x, i + 2 * step), c);
                    d = Lanes.floats(address + 12L * step).fma(Lanes.floats(x, i + 3 * step), d);
                }
                for (; i <= columns - step; i += step) {
                    a = Lanes.floats(row + 4L * i).fma(Lanes.floats(x, i), a);
                }
                float rest = 0;
                for (; i < columns; i++) {
                    rest += Lanes.float32(row + 4L * i) * x[i];
                }
                out[at + r] += Lanes.sum(a.add(b).add(c.add(d))) + rest;
            }
        }
    }

    static final class BF16 implements RowFormat {
        @Override
        public void decode(long row, int columns, float[] out, int at) {
            int whole = columns - columns % Lanes.LENGTH;
            for (int i = 0; i < whole; i += Lanes.LENGTH) {
                Lanes.bfloat16s(row + 2L * i).intoArray(out, at + i);
            }
            for (int i = whole; i < columns; i++) {
                out[at + i] = Lanes.bfloat16(row + 2L * i);
            }
        }

        @Override
        public void addProducts(
                long first, long rowBytes, int rows, int columns, float[] x, float[] out, int at, float[] scratch) {
            int step = Lanes.LENGTH;
            for (int r = 0; r < rows; r++) {
                long row = first + r * rowBytes;
                FloatVector a = Lanes.zero();
                FloatVector b = a;
                FloatVector c = a;
                FloatVector d = a;
                int i = 0;
                for (; i <= columns - 4 * step; i += 4 * step) {
                    long address = row + 2L * i;
                    a = Lanes.bfloat16s(address).fma(Lanes.floats(x, i), a);
                    b = Lanes.bfloat16s(address + 2L * step).fma(Lanes.floats(x, i + step), b);
                    c = Lanes.bfloat16s(address + 4L * step).fma(Lanes.floats(x, i + 2 * step), c);
                    d = Lanes.bfloat16s(address + 6L * step).fma(Lanes.floats(x, i + 3 * step), d);
                }
                for (; i <= columns - step; i += step) {
                    a = Lanes.bfloat16s(row + 2L * i).fma(Lanes.floats(x, i), a);
                }
                float rest = 0;
                for (; i < columns; i++) {
                    rest += Lanes.bfloat16(row + 2L * i) * x[i];
                }
                out[at + r] += Lanes.sum(a.add(b).add(c.add(d))) + rest;
            }
        }

        @Override
        public boolean multiplyEight(long first, long rowBytes, int rows, int columns, float[][] x, float[] products) {
            if (columns % Lanes.LENGTH != 0) {
                return false;
            }
            float[] x0 = x[0], x1 = x[1], x2 = x[2], x3 = x[3], x4 = x[4], x5 = x[5], x6 = x[6], x7 = x[7];
            for (int row = 0; row < rows; row++) {
                long start = first + row * rowBytes;
                FloatVector s0 = Lanes.zero(), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
                for (int i = 0; i < columns; i += Lanes.LENGTH) {
                    FloatVector weight = Lanes.bfloat16s(start + 2L * i);
                    s0 = weight.fma(Lanes.floats(x0, i), s0);
                    s1 = weight.fma(Lanes.floats(x1, i), s1);
                    s2 = weight.fma(Lanes.floats(x2, i), s2);
                    s3 = weight.fma(Lanes.floats(x3, i), s3);
                    s4 = weight.fma(Lanes.floats(x4, i), s4);
                    s5 = weight.fma(Lanes.floats(x5, i), s5);
                    s6 = weight.fma(Lanes.floats(x6, i), s6);
                    s7 = weight.fma(Lanes.floats(x7, i), s7);
                }
                int at = EIGHT * row;
                products[at] = Lanes.sum(s0);
                products[at + 1] = Lanes.sum(s1);
                products[at + 2] = Lanes.sum(s2);
                products[at + 3] = Lanes.sum(s3);
                products[at + 4] = Lanes.sum(s4);
                products[at + 5] = Lanes.sum(s5);
                products[at + 6] = Lanes.sum(s6);
                products[at + 7] = Lanes.sum(s7);
            }
            return true;
        }
    }

    static final class F16 implements RowFormat {
        @Override
        public void decode(long row, int columns, float[] out, int at) {
            int whole = columns - columns % Lanes.LENGTH;
            for (int i = 0; i < whole; i += Lanes.LENGTH) {
                Lanes.float16s(row + 2L * i).intoArray(out, at + i);
            }
            for (int i = whole; i < columns; i++) {
                out[at + i] = Lanes.float16(row + 2L * i);
            }
        }

        @Override
        public void addProducts(
                long first, long rowBytes, int rows, int columns, float[] x, float[] out, int at, float[] scratch) {
            int step = Lanes.LENGTH;
            for (int r = 0; r < rows; r++) {
                long row = first + r * rowBytes;
                FloatVector a = Lanes.zero();
                FloatVector b = a;
                int i = 0;
                for (; i <= columns - 2 * step; i += 2 * step) {
                    long address = row + 2L * i;
                    a = Lanes.float16s(address).fma(Lanes.floats(x, i), a);
                    b = Lanes.float16s(address + 2L * step).fma(Lanes.floats(x, i + step), b);
                }
                float rest = 0;
                for (; i < columns; i++) {
                    rest += Lanes.float16(row + 2L * i) * x[i];
                }
                out[at + r] += Lanes.sum(a.add(b)) + rest;
            }
        }
    }
}
