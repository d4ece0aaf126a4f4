package dev.mynah.tensor;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** Element types. Names are safetensors' own. */
public enum DType {
    F32(ScalarType.Float, 4),
    BF16(ScalarType.BFloat16, 2),
    F16(ScalarType.Half, 2),
    F64(ScalarType.Double, 8),
    I64(ScalarType.Long, 8),
    I32(ScalarType.Int, 4),
    I8(ScalarType.Char, 1),
    U8(ScalarType.Byte, 1),
    BOOL(ScalarType.Bool, 1);

    final ScalarType scalarType;
    private final int bytes;

    DType(ScalarType scalarType, int bytes) {
        this.scalarType = scalarType;
        this.bytes = bytes;
    }

    /** Bytes an element. */
    public int bytes() {
        return bytes;
    }

    public boolean isFloatingPoint() {
        return this == F32 || this == BF16 || this == F16 || this == F64;
    }

    static DType of(ScalarType type) {
        for (DType dtype : values()) {
            if (dtype.scalarType == type) {
                return dtype;
            }
        }
        throw new IllegalArgumentException("element type " + type + " has no counterpart here");
    }
}
