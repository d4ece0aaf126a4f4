package dev.mynah.engine.fused;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vectors that all kernels compute in: as many floats as the machine's registers hold, 16 or 8. Memory is read by its address alone: a check of bounds and lifetime at every load would cost
 * more than the load, so whoever hands an address to a kernel vouches for it.
 */
final class Lanes {
    /** On machines with narrower registers this computes the same, slowly. */
    static final VectorSpecies<Float> FLOATS =
            FloatVector.SPECIES_PREFERRED.length() < 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_PREFERRED;

    static final int LENGTH = FLOATS.length();
    static final VectorSpecies<Integer> INTS = FLOATS.vectorShape().withLanes(int.class);

    private static final VectorSpecies<Short> SHORTS = shape(2).withLanes(short.class);
    private static final VectorSpecies<Byte> BYTES = shape(4).withLanes(byte.class);

    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);

    private Lanes() {}

    private static VectorShape shape(int divisor) {
        return VectorShape.forBitSize(FLOATS.vectorBitSize() / divisor);
    }

    /** {@code count} rounded up to whole vectors. */
    static int padded(int count) {
        return Math.ceilDiv(count, LENGTH) * LENGTH;
    }

    static int unsignedByte(long address) {
        return MEMORY.get(BYTE, address) & 0xff;
    }

    static int signedByte(long address) {
        return MEMORY.get(BYTE, address);
    }

    static int int32(long address) {
        return MEMORY.get(INT, address);
    }

    static float float32(long address) {
        return MEMORY.get(FLOAT, address);
    }

    static void setFloat32(long address, float value) {
        MEMORY.set(FLOAT, address, value);
    }

    static float float16(long address) {
        return Float.float16ToFloat(MEMORY.get(SHORT, address));
    }

    static float bfloat16(long address) {
        return Float.intBitsToFloat(MEMORY.get(SHORT, address) << 16);
    }

    static FloatVector floats(long address) {
        return FloatVector.fromMemorySegment(FLOATS, MEMORY, address, ORDER);
    }

    static IntVector unsignedBytes(long address) {
        return (IntVector) ByteVector.fromMemorySegment(BYTES, MEMORY, address, ORDER)
                .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
    }

    static FloatVector signedBytes(long address) {
        return (FloatVector) ByteVector.fromMemorySegment(BYTES, MEMORY, address, ORDER)
                .convertShape(VectorOperators.B2F, FLOATS, 0);
    }

    private static IntVector unsignedShorts(long address) {
        return (IntVector) ShortVector.fromMemorySegment(SHORTS, MEMORY, address, ORDER)
                .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
    }

    static FloatVector bfloat16s(long address) {
        return unsignedShorts(address).lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    /** Half precision: the bits moved to where a float has them, and the exponent's bias mended by a product, which is exact for subnormal numbers too. */
    static FloatVector float16s(long address) {
        IntVector bits = unsignedShorts(address);
        FloatVector magnitude = bits.and(0x7fff)
                .lanewise(VectorOperators.LSHL, 13)
                .reinterpretAsFloats()
                .mul(0x1p112f);
        IntVector sign = bits.and(0x8000).lanewise(VectorOperators.LSHL, 16);
        return magnitude.reinterpretAsInts().or(sign).reinterpretAsFloats();
    }

    /** Stores as bfloat16, rounded to the nearest and halves to the even. */
    static void storeBfloat16s(FloatVector values, long address) {
        IntVector bits = values.reinterpretAsInts();
        IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
        IntVector rounded = bits.add(odd).add(0x7fff).lanewise(VectorOperators.LSHR, 16);
        ShortVector narrow = (ShortVector) rounded.convertShape(VectorOperators.I2S, SHORTS, 0);
        narrow.intoMemorySegment(MEMORY, address, ORDER);
    }

    static void setBfloat16(long address, float value) {
        int bits = Float.floatToRawIntBits(value);
        MEMORY.set(SHORT, address, (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16));
    }

    static void copy(long from, long to, long bytes) {
        MemorySegment.copy(MEMORY, from, MEMORY, to, bytes);
    }

    static FloatVector zero() {
        return FloatVector.zero(FLOATS);
    }

    static FloatVector all(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    static FloatVector floats(float[] values, int at) {
        return FloatVector.fromArray(FLOATS, values, at);
    }

    static float sum(FloatVector values) {
        return values.reduceLanes(VectorOperators.ADD);
    }
}
