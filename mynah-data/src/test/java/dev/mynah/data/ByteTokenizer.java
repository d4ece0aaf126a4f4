package dev.mynah.data;

import dev.mynah.text.MarkedText;
import dev.mynah.text.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Each byte of UTF-8 is its own id, from {@code base} on; the last id ends a document. */
record ByteTokenizer(int base) implements Tokenizer {

    ByteTokenizer() {
        this(0);
    }

    @Override
    public int vocabSize() {
        return base + 257;
    }

    @Override
    public int[] encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[bytes.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = base + (bytes[i] & 0xFF);
        }
        return ids;
    }

    @Override
    public int[] encode(MarkedText text) {
        return encode(text.text());
    }

    @Override
    public int[] encodeWithSpecials(String text) {
        return encode(text);
    }

    @Override
    public int[] encodeForModel(String text) {
        return encode(text);
    }

    @Override
    public byte[] bytes(int id) {
        return new byte[] {(byte) (id - base)};
    }

    @Override
    public boolean isSpecial(int id) {
        return id == eosId();
    }

    @Override
    public String decode(int[] ids) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int id : ids) {
            if (!isSpecial(id)) {
                out.write(id - base);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Override
    public int idOf(String token) {
        return -1;
    }

    @Override
    public int eosId() {
        return base + 256;
    }

    @Override
    public int bosId() {
        return -1;
    }
}
