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
