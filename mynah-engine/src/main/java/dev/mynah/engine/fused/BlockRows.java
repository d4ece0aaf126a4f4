package dev.mynah.engine.fused;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Rows in blocks of 32 elements that share a scale, and some a minimum. Where elements have four bits, byte {@code i} of 16 holds elements {@code i} and {@code 16 + i}. */
final class BlockRows {
    private static final int BLOCK = 32;
    private static final int HALF = 16;
    private static final IntVector LANE = IntVector.zero(Lanes.INTS).addIndex(1);

    private BlockRows() {}

    private static IntVector low(IntVector bytes) {
        return bytes.and(15);
    }

    private static IntVector high(IntVector bytes) {
        return bytes.lanewise(VectorOperators.LSHR, 4);
    }

    /** The fifth bits of the elements from {@code first} on, where they add to the four others. */
    private static IntVector fifth(int bits, int first) {
        IntVector shifted = IntVector.broadcast(Lanes.INTS, bits >>> first).lanewise(VectorOperators.LSHR, LANE);
        return shifted.and(1).lanewise(VectorOperators.LSHL, 4);
    }

    private static FloatVector floats(IntVector values) {
        return (FloatVector) values.convert(VectorOperators.I2F, 0);
    }

    /** Scale, 32 signed bytes. */
    static final class Q8 implements RowFormat {
        private static final int BYTES = 34;

        @Override
        public void decode(long row, int columns, float[] out, int at) {
            long block = row;
            for (int i = at; i < at + columns; i += BLOCK, block += BYTES) {
                FloatVector scale = Lanes.all(Lanes.float16(block));
                for (int k = 0; k < BLOCK; k += Lanes.LENGTH) {
                    Lanes.signedBytes(block + 2 + k).mul(scale).intoArray(out, i + k);
                }
            }
        }

        /** All in one method: vectors that are handed to another one, which the compiler may not take in, are objects. */
        @Override
        public void addProducts(
                long first, long rowBytes, int rows, int columns, float[] x, float[] out, int at, float[] scratch) {
            for (int row = 0; row < rows; row++) {
                FloatVector sum = Lanes.zero();
                long block = first + row * rowBytes;
                for (int i = 0; i < columns; i += BLOCK, block += BYTES) {
                    FloatVector products = Lanes.signedBytes(block + 2).mul(Lanes.floats(x, i));
                    for (int k = Lanes.LENGTH; k < BLOCK; k += Lanes.LENGTH) {
                        products = Lanes.signedBytes(block + 2 + k).fma(Lanes.floats(x, i + k), products);
                    }
                    sum = products.fma(Lanes.all(Lanes.float16(block)), sum);
                }
                out[at + row] += Lanes.sum(sum);
            }
        }
    }

    /** Scale, 4 bits with offset 8. */
    static final class Q4 implements RowFormat {
        private static final int BYTES = 18;
        private static final int OFFSET = 8;

        /** What four bits mean, as the bits of floats; whole only where a register has sixteen lanes. */
        private static final IntVector MEANING =
                ((FloatVector) LANE.sub(OFFSET).convert(VectorOperators.I2F, 0)).reinterpretAsInts();

        @Override
        public void decode(long row, int columns, float[] out, int at) {
            long block = row;
            for (int i = at; i < at + columns; i += BLOCK, block += BYTES) {
                FloatVector scale = Lanes.all(Lanes.float16(block));
                for (int k = 0; k < HALF; k += Lanes.LENGTH) {
                    IntVector bytes = Lanes.unsignedBytes(block + 2 + k);
                    floats(low(bytes).sub(OFFSET)).mul(scale).intoArray(out, i + k);
                    floats(high(bytes).sub(OFFSET)).mul(scale).intoArray(out, i + HALF + k);
                }
            }
        }

        /** As in {@link Q8}. */
        @Override
        public void addProducts(
                long first, long rowBytes, int rows, int columns, float[] x, float[] out, int at, float[] scratch) {
            if (Lanes.LENGTH == HALF) {
                addLookups(first, rowBytes, rows, columns, x, out, at);
            } else {
                addConversions(first, rowBytes, rows, columns, x, out, at, scratch);
            }
        }

        /** Looks elements up in a register: fewer instructions than to convert them, which are what this kernel waits for. */
        private static void addLookups(
                long first, long rowBytes, int rows, int columns, float[] x, float[] out, int at) {
            IntVector meaning = MEANING;
            for (int row = 0; row < rows; row++) {
                FloatVector sum = Lanes.zero();
                long block = first + row * rowBytes;
                for (int i = 0; i < columns; i += BLOCK, block += BYTES) {
                    IntVector bytes = Lanes.unsignedBytes(block + 2);
                    FloatVector low = bytes.selectFrom(meaning).reinterpretAsFloats();
                    FloatVector high = bytes.lanewise(VectorOperators.LSHR, 4)
                            .selectFrom(meaning)
                            .reinterpretAsFloats();
                    FloatVector products = high.fma(Lanes.floats(x, i + HALF), low.mul(Lanes.floats(x, i)));
                    sum = products.fma(Lanes.all(Lanes.float16(block)), sum);
                }
                out[at + row] += Lanes.sum(sum);
            }
        }

        /** The offset is taken off by what it makes of the inputs, which is the same for all rows. */
        private static void addConversions(
                long first, long rowBytes, int rows, int columns, float[] x, float[] out, int at, float[] scratch) {
            for (int i = 0, offset = 0; i < columns; i += BLOCK, offset += Lanes.LENGTH) {
                FloatVector inputs = Lanes.floats(x, i);
                for (int k = Lanes.LENGTH; k < BLOCK; k += Lanes.LENGTH) {
                    inputs = inputs.add(Lanes.floats(x, i + k));
                }
                inputs.mul(-OFFSET).intoArray(scratch, offset);
            }
            for (int row = 0; row < rows; row++) {
                FloatVector sum = Lanes.zero();
                long block = first + row * rowBytes;
                for (int i = 0, offset = 0; i < columns; i += BLOCK, offset += Lanes.LENGTH, block += BYTES) {
                    FloatVector products = Lanes.floats(scratch, offset);
                    for (int k = 0; k < HALF; k += Lanes.LENGTH) {
                        IntVector bytes = Lanes.unsignedBytes(block + 2 + k);
                        FloatVector low = (FloatVector) bytes.and(15).convert(VectorOperators.I2F, 0);
                        FloatVector high = (FloatVector)
                                bytes.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0);
                        products = low.fma(Lanes.floats(x, i + k), products);
                        products = high.fma(Lanes.floats(x, i + HALF + k), products);
                    }
                    sum = products.fma(Lanes.all(Lanes.float16(block)), sum);
                }
                out[at + row] += Lanes.sum(sum);
            }
        }
    }

    /** Scale, minimum, 4 bits. */
    static final class Q4WithMinimum implements RowFormat {
        private static final int BYTES = 20;

        @Override
        public void decode(long row, int columns, float[] out, int at) {
            long block = row;
            for (int i = at; i < at + columns; i += BLOCK, block += BYTES) {
                FloatVector scale = Lanes.all(Lanes.float16(block));
                FloatVector minimum = Lanes.all(Lanes.float16(block + 2));
                for (int k = 0; k < HALF; k += Lanes.LENGTH) {
                    IntVector bytes = Lanes.unsignedBytes(block + 4 + k);
                    floats(low(bytes)).fma(scale, minimum).intoArray(out, i + k);
                    floats(high(bytes)).fma(scale, minimum).intoArray(out, i + HALF + k);
                }
            }
        }
    }

    /** Scale, the fifth bits, 4 bits; offset 16. */
    static final class Q5 implements RowFormat {
        private static final int BYTES = 22;

        @Override
        public void decode(long row, int columns, float[] out, int at) {
            long block = row;
            for (int i = at; i < at + columns; i += BLOCK, block += BYTES) {
                FloatVector scale = Lanes.all(Lanes.float16(block));
                int bits = Lanes.int32(block + 2);
                for (int k = 0; k < HALF; k += Lanes.LENGTH) {
                    IntVector bytes = Lanes.unsignedBytes(block + 6 + k);
                    IntVector first = low(bytes).or(fifth(bits, k)).sub(16);
                    IntVector second = high(bytes).or(fifth(bits, HALF + k)).sub(16);
                    floats(first).mul(scale).intoArray(out, i + k);
                    floats(second).mul(scale).intoArray(out, i + HALF + k);
                }
            }
        }
    }

    /** Scale, minimum, the fifth bits, 4 bits. */
    static final class Q5WithMinimum implements RowFormat {
        private static final int BYTES = 24;

        @Override
        public void decode(long row, int columns, float[] out, int at) {
            long block = row;
            for (int i = at; i < at + columns; i += BLOCK, block += BYTES) {
                FloatVector scale = Lanes.all(Lanes.float16(block));
                FloatVector minimum = Lanes.all(Lanes.float16(block + 2));
                int bits = Lanes.int32(block + 4);
                for (int k = 0; k < HALF; k += Lanes.LENGTH) {
                    IntVector bytes = Lanes.unsignedBytes(block + 8 + k);
                    IntVector first = low(bytes).or(fifth(bits, k));
                    IntVector second = high(bytes).or(fifth(bits, HALF + k));
                    floats(first).fma(scale, minimum).intoArray(out, i + k);
                    floats(second).fma(scale, minimum).intoArray(out, i + HALF + k);
                }
            }
        }
    }
}
