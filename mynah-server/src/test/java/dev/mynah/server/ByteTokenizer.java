package dev.mynah.server;

import dev.mynah.text.MarkedText;
import dev.mynah.text.Tokenizer;
import java.nio.charset.StandardCharsets;

/** A token is a byte; 256 ends a text. */
final class ByteTokenizer implements Tokenizer {
    private static final int END = 256;

    @Override
    public int vocabSize() {
        return END + 1;
    }

    @Override
    public int[] encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[bytes.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Byte.toUnsignedInt(bytes[i]);
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
        return id == END ? "<end>".getBytes(StandardCharsets.UTF_8) : new byte[] {(byte) id};
    }

    @Override
    public boolean isSpecial(int id) {
        return id == END;
    }

    @Override
    public String decode(int[] ids) {
        byte[] bytes = new byte[ids.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ids[i];
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public int idOf(String token) {
        return -1;
    }

    @Override
    public int eosId() {
        return END;
    }

    @Override
    public int bosId() {
        return -1;
    }
}
