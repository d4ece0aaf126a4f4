package dev.mynah.engine.fused;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Rows in blocks of 256 elements, whose groups of 32 or 16 have small scales of their own that the block's scale multiplies. */
final class SuperBlockRows {
    private static final int BLOCK = 256;
    private static final int GROUP = 32;

    private SuperBlockRows() {}

    private static FloatVector floats(IntVector values) {
        return (FloatVector) values.convert(VectorOperators.I2F, 0);
    }

    /** The scale of group {@code group} of 8: six bits, of which those of the later four are put together from two places of the 12 bytes. */
    private static int scale(long scales, int group) {
        if (group < 4) {
            return Lanes.unsignedByte(scales + group) & 63;
        }
        return (Lanes.unsignedByte(scales + group + 4) & 15) | (Lanes.unsignedByte(scales + group - 4) >> 6 << 4);
    }

    /** The minimum of a group, as {@link #scale}. */
    private static int minimum(long scales, int group) {
        if (group < 4) {
            return Lanes.unsignedByte(scales + group + 4) & 63;
        }
        return (Lanes.unsignedByte(scales + group + 4) >> 4) | (Lanes.unsignedByte(scales + group) >> 6 << 4);
    }

    /** Scale and scale of the minima, 12 bytes of both, 4 bits each: 32 bytes hold a group in their low halves and the next in their high ones. */
    static final class Q4 implements RowFormat {
        private static final int BYTES = 144;

        @Override
        public void decode(long row, int columns, float[] out, int at) {
            long block = row;
            for (int i = at; i < at + columns; i += BLOCK, block += BYTES) {
                for (int group = 0; group < 8; group++) {
                    group(block, group, out, i + GROUP * group);
                }
            }
        }

        private static void group(long block, int group, float[] out, int at) {
            FloatVector scale = Lanes.all(Lanes.float16(block) * scale(block + 4, group));
            FloatVector minimum = Lanes.all(-Lanes.float16(block + 2) * minimum(block + 4, group));
            long bytes = block + 16 + (group >> 1) * (long) GROUP;
            int shift = 4 * (group & 1);
            for (int k = 0; k < GROUP; k += Lanes.LENGTH) {
                IntVector values = Lanes.unsignedBytes(bytes + k)
                        .lanewise(VectorOperators.LSHR, shift)
                        .and(15);
                floats(values).fma(scale, minimum).intoArray(out, at + k);
            }
        }
    }

    /** As {@link Q4}, with 32 bytes before the others whose bit {@code g} is the fifth of group {@code g}. */
    static final class Q5 implements RowFormat {
        private static final int BYTES = 176;

        @Override
        public void decode(long row, int columns, float[] out, int at) {
            long block = row;
            for (int i = at; i < at + columns; i += BLOCK, block += BYTES) {
                for (int group = 0; group < 8; group++) {
                    group(block, group, out, i + GROUP * group);
                }
            }
        }

        private static void group(long block, int group, float[] out, int at) {
            FloatVector scale = Lanes.all(Lanes.float16(block) * scale(block + 4, group));
            FloatVector minimum = Lanes.all(-Lanes.float16(block + 2) * minimum(block + 4, group));
            long bytes = block + 48 + (group >> 1) * (long) GROUP;
            int shift = 4 * (group & 1);
            for (int k = 0; k < GROUP; k += Lanes.LENGTH) {
                IntVector four = Lanes.unsignedBytes(bytes + k)
                        .lanewise(VectorOperators.LSHR, shift)
                        .and(15);
                IntVector fifth = Lanes.unsignedBytes(block + 16 + k)
                        .lanewise(VectorOperators.LSHR, group)
                        .and(1);
                IntVector values = four.or(fifth.lanewise(VectorOperators.LSHL, 4));
                floats(values).fma(scale, minimum).intoArray(out, at + k);
            }
        }
    }

    /** 128 bytes of low four bits, 64 of high two bits, 16 signed scales, the scale; offset 32. */
    static final class Q6 implements RowFormat {
        private static final int BYTES = 210;
        private static final int SCALED = 16;

        @Override
        public void decode(long row, int columns, float[] out, int at) {
            long block = row;
            for (int i = at; i < at + columns; i += BLOCK, block += BYTES) {
                for (int group = 0; group < 8; group++) {
                    group(block, group, out, i + GROUP * group);
                }
            }
        }

        /** Groups 0 and 1 of each four lie in the low halves of 64 bytes, 2 and 3 in the high ones. */
        private static void group(long block, int group, float[] out, int at) {
            float scale = Lanes.float16(block + 208);
            int four = group & 3;
            long low = block + (group >> 2) * 64L + (four & 1) * (long) GROUP;
            long high = block + 128 + (group >> 2) * (long) GROUP;
            for (int k = 0; k < GROUP; k += Lanes.LENGTH) {
                int small = Lanes.signedByte(block + 192 + 2L * group + k / SCALED);
                IntVector lowBits = Lanes.unsignedBytes(low + k)
                        .lanewise(VectorOperators.LSHR, 4 * (four >> 1))
                        .and(15);
                IntVector highBits = Lanes.unsignedBytes(high + k)
                        .lanewise(VectorOperators.LSHR, 2 * four)
                        .and(3);
                IntVector values =
                        lowBits.or(highBits.lanewise(VectorOperators.LSHL, 4)).sub(32);
                floats(values).mul(scale * small).intoArray(out, at + k);
            }
        }
    }
}
