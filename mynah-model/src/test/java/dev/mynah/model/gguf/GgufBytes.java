package dev.mynah.model.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Writes a GGUF header field by field, right or wrong. */
final class GgufBytes {
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

    /** A header of version 3 with these counts. */
    static GgufBytes header(long tensors, long pairs) {
        return new GgufBytes().int32(GgufHeader.MAGIC).int32(3).int64(tensors).int64(pairs);
    }

    GgufBytes int32(int value) {
        bytes.putInt(value);
        return this;
    }

    GgufBytes int64(long value) {
        bytes.putLong(value);
        return this;
    }

    GgufBytes text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        bytes.putLong(utf8.length).put(utf8);
        return this;
    }

    GgufBytes tensor(String name, int type, long offset, long... fileShape) {
        text(name).int32(fileShape.length);
        for (long size : fileShape) {
            int64(size);
        }
        return int32(type).int64(offset);
    }

    /** Zeros up to the data and so many bytes of it. */
    GgufBytes data(int count) {
        bytes.position((bytes.position() + 31) / 32 * 32 + count);
        return this;
    }

    byte[] array() {
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    Path write(Path folder) throws IOException {
        return Files.write(folder.resolve("test.gguf"), array());
    }
}
