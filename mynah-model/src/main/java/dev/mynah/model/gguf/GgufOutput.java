package dev.mynah.model.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** The header of a GGUF file while it is written. */
final class GgufOutput {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    GgufOutput int32(int value) {
        bytes.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
        return this;
    }

    GgufOutput int64(long value) {
        bytes.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
        return this;
    }

    GgufOutput text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int64(utf8.length);
        bytes.writeBytes(utf8);
        return this;
    }

    /** A value with its type: a string, an Integer (as unsigned), a Float, a Boolean, or a list of these, of which integers are signed. */
    void value(Object value) {
        switch (value) {
            case String text -> int32(GgufType.STRING).text(text);
            case Integer number -> int32(GgufType.UINT32).int32(number);
            case Float number -> int32(GgufType.FLOAT32).int32(Float.floatToIntBits(number));
            case Boolean flag -> {
                int32(GgufType.BOOL);
                bytes.write(flag ? 1 : 0);
            }
            case List<?> list -> array(list);
            default -> throw new IllegalArgumentException("no metadata value: " + value.getClass());
        }
    }

    private void array(List<?> list) {
        int32(GgufType.ARRAY);
        switch (list.getFirst()) {
            case String text -> elements(GgufType.STRING, list, element -> text((String) element));
            case Integer number -> elements(GgufType.INT32, list, element -> int32((Integer) element));
            case Float number ->
                elements(GgufType.FLOAT32, list, element -> int32(Float.floatToIntBits((Float) element)));
            default ->
                throw new IllegalArgumentException(
                        "no array of metadata: " + list.getFirst().getClass());
        }
    }

    private void elements(int type, List<?> list, Consumer<Object> write) {
        int32(type).int64(list.size());
        list.forEach(write);
    }

    /** Zeros up to a multiple of the alignment. */
    byte[] aligned() {
        while (bytes.size() % GgufHeader.DEFAULT_ALIGNMENT != 0) {
            bytes.write(0);
        }
        return bytes.toByteArray();
    }
}
