package dev.mynah.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What the ids of a tokenizer stand for.
 *
 * @param bytes   of each id
 * @param special whether decoding for people leaves it out
 */
@SuppressWarnings("ArrayRecordComponent") // looked up for every token; never compared
record TokenBytes(byte[][] bytes, boolean[] special) {

    TokenBytes(int size) {
        this(new byte[size][], new boolean[size]);
    }

    int size() {
        return bytes.length;
    }

    void set(int id, byte[] of, boolean isSpecial) {
        bytes[id] = of;
        special[id] = isSpecial;
    }

    /** The bytes themselves, not a copy. */
    byte[] of(int id) {
        if (id < 0 || id >= bytes.length) {
            throw new IllegalArgumentException(
                    "There is no token " + id + ": the tokenizer's ids are 0 to " + (bytes.length - 1) + ".");
        }
        return bytes[id];
    }

    boolean isSpecial(int id) {
        return id >= 0 && id < special.length && special[id];
    }

    /** Text without special tokens. */
    String decode(int[] ids) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(ids.length * 4);
        for (int id : ids) {
            byte[] token = of(id);
            if (!special[id]) {
                out.writeBytes(token);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
