package dev.mynah.model.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads a GGUF header from front to back and never past its bounds. */
final class GgufCursor {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment file;
    private final long end;
    private long at;

    /** A cursor at the begin of {@code file} that reads its first {@code end} bytes at most. */
    GgufCursor(MemorySegment file, long end) {
        this.file = file;
        this.end = end;
    }

    long position() {
        return at;
    }

    byte int8(String what) {
        return file.get(ValueLayout.JAVA_BYTE, advance(1, what));
    }

    short int16(String what) {
        return file.get(SHORT, advance(2, what));
    }

    int int32(String what) {
        return file.get(INT, advance(4, what));
    }

    long int64(String what) {
        return file.get(LONG, advance(8, what));
    }

    /** An unsigned count, which is refused where it is larger than {@code max}. */
    long count(String what, long max) {
        long count = int64(what);
        if (count < 0 || count > max) {
            throw new GgufFormatException(
                    what + " is " + Long.toUnsignedString(count) + ", but at most " + max + " is possible");
        }
        return count;
    }

    /** A string: its length in bytes, then UTF-8. */
    String text(String what) {
        int length = (int) count("the length of " + what, Math.min(end - at, Integer.MAX_VALUE - 16));
        byte[] bytes = file.asSlice(advance(length, what), length).toArray(ValueLayout.JAVA_BYTE);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new GgufFormatException(what + " is not UTF-8");
        }
    }

    /** Bytes that are left. */
    long left() {
        return end - at;
    }

    private long advance(long bytes, String what) {
        if (bytes > end - at) {
            throw new GgufFormatException("the file ends within " + what + ", at byte " + end);
        }
        long from = at;
        at += bytes;
        return from;
    }
}
