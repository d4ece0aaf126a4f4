package dev.mynah.text;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * GPT-2's one-to-one map between the 256 byte values and printable characters, in which tokenizer files write their
 * tokens: printable Latin-1 bytes are themselves, the others are
 * U+0100, U+0101, ... in order of their value.
 */
final class ByteAlphabet {

    private static final char[] CHARS = chars();
    private static final short[] BYTES = bytes();

    private ByteAlphabet() {}

    static char charOf(int unsignedByte) {
        return CHARS[unsignedByte];
    }

    static String encode(byte[] bytes) {
        char[] chars = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            chars[i] = CHARS[bytes[i] & 0xFF];
        }
        return new String(chars);
    }

    /** The bytes that {@code token} is written for, or null where a character of it is not in the alphabet. */
    static byte @Nullable [] decode(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            char c = token.charAt(i);
            if (c >= BYTES.length || BYTES[c] < 0) {
                return null;
            }
            bytes[i] = (byte) BYTES[c];
        }
        return bytes;
    }

    private static char[] chars() {
        char[] chars = new char[256];
        char next = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
            chars[b] = printable ? (char) b : next++;
        }
        return chars;
    }

    private static short[] bytes() {
        short[] bytes = new short[0x100 + 68];
        Arrays.fill(bytes, (short) -1);
        for (int b = 0; b < 256; b++) {
            bytes[CHARS[b]] = (short) b;
        }
        return bytes;
    }
}
