package dev.mynah.model.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Turns rows of a weight into numbers, to the bit as ggml's reference does ({@code dequantize_row_*} in {@code ggml-quants.c}). */
public final class RowDecoder {
    private RowDecoder() {}

    /**
     * Decodes a row.
     *
     * @param row  below {@link Weight#rows()}
     * @param into its first {@link Weight#columns()} elements are written
     */
    public static void decode(Weight weight, long row, float[] into) {
        int columns = weight.columns();
        int bytes = Math.toIntExact(weight.type().rowBytes(columns));
        byte[] stored = new byte[bytes];
        MemorySegment.copy(weight.data(), ValueLayout.JAVA_BYTE, row * bytes, stored, 0, bytes);
        decode(weight.type(), stored, into, columns);
    }

    private static void decode(WeightType type, byte[] row, float[] into, int columns) {
        int step = type.blockElements();
        int blocks = columns / step;
        for (int i = 0; i < blocks; i++) {
            int at = i * type.blockBytes();
            int out = i * step;
            switch (type) {
                case F32 -> into[out] = Float.intBitsToFloat(int32(row, at));
                case F16 -> into[out] = half(row, at);
                case BF16 -> into[out] = Float.intBitsToFloat(int16(row, at) << 16);
                case Q4_0 -> q4(row, at + 2, half(row, at), -8, 0, into, out);
                case Q4_1 -> q4(row, at + 4, half(row, at), 0, half(row, at + 2), into, out);
                case Q5_0 -> q5(row, at + 2, half(row, at), -16, 0, into, out);
                case Q5_1 -> q5(row, at + 4, half(row, at), 0, half(row, at + 2), into, out);
                case Q8_0 -> q8(row, at + 2, half(row, at), into, out);
                case Q4_K -> q4k(row, at, into, out);
                case Q5_K -> q5k(row, at, into, out);
                case Q6_K -> q6k(row, at, into, out);
            }
        }
    }

    /** The lower halves of 16 bytes, then the upper ones. */
    private static void q4(byte[] row, int at, float scale, int offset, float minimum, float[] into, int out) {
        for (int j = 0; j < 16; j++) {
            int pair = row[at + j];
            into[out + j] = ((pair & 0xF) + offset) * scale + minimum;
            into[out + j + 16] = ((pair >> 4 & 0xF) + offset) * scale + minimum;
        }
    }

    /** The fifth bits of 32 elements in four bytes, then as {@link #q4}. */
    private static void q5(byte[] row, int at, float scale, int offset, float minimum, float[] into, int out) {
        int fifth = int32(row, at);
        for (int j = 0; j < 16; j++) {
            int pair = row[at + 4 + j];
            int low = (pair & 0xF) | (fifth >>> j & 1) << 4;
            int high = (pair >> 4 & 0xF) | (fifth >>> (j + 16) & 1) << 4;
            into[out + j] = (low + offset) * scale + minimum;
            into[out + j + 16] = (high + offset) * scale + minimum;
        }
    }

    private static void q8(byte[] row, int at, float scale, float[] into, int out) {
        for (int j = 0; j < 32; j++) {
            into[out + j] = row[at + j] * scale;
        }
    }

    private static void q4k(byte[] row, int at, float[] into, int out) {
        for (int group = 0; group < 8; group++) {
            float scale = half(row, at) * scale6(row, at + 4, group);
            float minimum = half(row, at + 2) * minimum6(row, at + 4, group);
            int pairs = at + 16 + group / 2 * 32;
            int shift = group % 2 * 4;
            for (int j = 0; j < 32; j++) {
                into[out + group * 32 + j] = scale * (row[pairs + j] >> shift & 0xF) - minimum;
            }
        }
    }

    private static void q5k(byte[] row, int at, float[] into, int out) {
        for (int group = 0; group < 8; group++) {
            float scale = half(row, at) * scale6(row, at + 4, group);
            float minimum = half(row, at + 2) * minimum6(row, at + 4, group);
            int pairs = at + 48 + group / 2 * 32;
            int shift = group % 2 * 4;
            for (int j = 0; j < 32; j++) {
                int value = (row[pairs + j] >> shift & 0xF) | (row[at + 16 + j] >> group & 1) << 4;
                into[out + group * 32 + j] = scale * value - minimum;
            }
        }
    }

    /** The six-bit scale of a group; twelve bytes hold eight scales and eight minima. */
    private static int scale6(byte[] row, int at, int group) {
        return group < 4 ? row[at + group] & 63 : (row[at + group + 4] & 0xF) | (row[at + group - 4] >> 6 & 3) << 4;
    }

    private static int minimum6(byte[] row, int at, int group) {
        return group < 4
                ? row[at + group + 4] & 63
                : (row[at + group + 4] >> 4 & 0xF) | (row[at + group] >> 6 & 3) << 4;
    }

    /** 128 bytes of lower halves, 64 bytes of upper two bits, 16 scales, the scale of scales. */
    private static void q6k(byte[] row, int at, float[] into, int out) {
        float scale = half(row, at + 208);
        for (int i = 0; i < 256; i++) {
            int part = i / 128;
            int quarter = i % 128 / 32;
            int j = i % 32;
            int low = row[at + part * 64 + quarter % 2 * 32 + j] >> (quarter / 2 * 4) & 0xF;
            int high = row[at + 128 + part * 32 + j] >> (quarter * 2) & 3;
            into[out + i] = scale * row[at + 192 + i / 16] * ((low | high << 4) - 32);
        }
    }

    private static float half(byte[] row, int at) {
        return Float.float16ToFloat(int16(row, at));
    }

    private static short int16(byte[] row, int at) {
        return (short) ((row[at] & 0xFF) | row[at + 1] << 8);
    }

    private static int int32(byte[] row, int at) {
        return (int16(row, at) & 0xFFFF) | int16(row, at + 2) << 16;
    }
}
