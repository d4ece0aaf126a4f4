package dev.mynah.model.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Turns rows of numbers into stored ones, to the bit as ggml's reference does ({@code quantize_row_*_ref} in {@code ggml-quants.c}). */
public final class RowEncoder {
    private RowEncoder() {}

    /** The types that this class writes. */
    public static boolean supports(WeightType type) {
        return switch (type) {
            case F32, F16, BF16, Q8_0, Q4_0 -> true;
            default -> false;
        };
    }

    /**
     * Appends a row.
     *
     * @param row  its first {@code columns} elements are read, a multiple of the type's block
     * @param into has room for {@link WeightType#rowBytes} of them, and is little-endian
     * @throws IllegalArgumentException if the type is not one of F32, F16, BF16, Q8_0, Q4_0
     */
    public static void encode(WeightType type, float[] row, int columns, ByteBuffer into) {
        if (into.order() != ByteOrder.LITTLE_ENDIAN) {
            throw new IllegalArgumentException("weights are written little-endian");
        }
        for (int at = 0; at < columns; at += type.blockElements()) {
            switch (type) {
                case F32 -> into.putFloat(row[at]);
                case F16 -> into.putShort(Float.floatToFloat16(row[at]));
                case BF16 -> into.putShort(bf16(row[at]));
                case Q8_0 -> q8(row, at, into);
                case Q4_0 -> q4(row, at, into);
                default ->
                    throw new IllegalArgumentException(
                            "writing " + type + " is not supported; supported are F32, F16, BF16, Q8_0, Q4_0");
            }
        }
    }

    /** The nearest, of two as near the even one; what is no number stays none. */
    private static short bf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 64);
        }
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }

    private static void q8(float[] row, int at, ByteBuffer into) {
        float largest = 0;
        for (int j = at; j < at + 32; j++) {
            largest = Math.max(largest, Math.abs(row[j]));
        }
        float scale = largest / 127;
        float inverse = scale == 0 ? 0 : 1 / scale;
        into.putShort(Float.floatToFloat16(scale));
        for (int j = at; j < at + 32; j++) {
            into.put((byte) roundAwayFromZero(row[j] * inverse));
        }
    }

    /** C's {@code roundf}: of two as near, the one further from zero. */
    private static int roundAwayFromZero(float value) {
        int whole = (int) value;
        float rest = value - whole;
        return Math.abs(rest) >= 0.5f ? whole + (rest > 0 ? 1 : -1) : whole;
    }

    private static void q4(float[] row, int at, ByteBuffer into) {
        float extreme = 0;
        for (int j = at; j < at + 32; j++) {
            if (Math.abs(row[j]) > Math.abs(extreme)) {
                extreme = row[j];
            }
        }
        float scale = extreme / -8;
        float inverse = scale == 0 ? 0 : 1 / scale;
        into.putShort(Float.floatToFloat16(scale));
        for (int j = at; j < at + 16; j++) {
            into.put((byte) (nibble(row[j] * inverse) | nibble(row[j + 16] * inverse) << 4));
        }
    }

    private static int nibble(float scaled) {
        return Math.min(15, (int) (scaled + 8.5f));
    }
}
