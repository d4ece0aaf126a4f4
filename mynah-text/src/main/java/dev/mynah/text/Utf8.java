package dev.mynah.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Text as UTF-8 (Unicode 16, section 3.9), and what to do where either side is broken. */
final class Utf8 {

    private Utf8() {}

    /** {@code text} with each lone surrogate replaced by U+FFFD; the same object where there is none. */
    static String wellFormed(String text) {
        int length = text.length();
        int i = 0;
        while (i < length && !Character.isSurrogate(text.charAt(i))) {
            i++;
        }
        while (i < length && !isLoneSurrogate(text, i)) {
            i += Character.isHighSurrogate(text.charAt(i)) ? 2 : 1;
        }
        if (i == length) {
            return text;
        }
        StringBuilder fixed = new StringBuilder(length).append(text, 0, i);
        while (i < length) {
            int codePoint = isLoneSurrogate(text, i) ? 0xFFFD : text.codePointAt(i);
            fixed.appendCodePoint(codePoint);
            i += Character.charCount(codePoint);
        }
        return fixed.toString();
    }

    private static boolean isLoneSurrogate(String text, int i) {
        char c = text.charAt(i);
        if (!Character.isSurrogate(c)) {
            return false;
        }
        return Character.isLowSurrogate(c) || i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }

    /** Bytes of a character. */
    static int length(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    /** The text of {@code bytes}, or null where they are not UTF-8. */
    static @Nullable String decodeStrictly(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** How many bytes at the end of {@code bytes[0, length)} begin a character that is not complete yet: 0 to 3. */
    static int incompleteTail(byte[] bytes, int length) {
        for (int tail = 1; tail <= 3 && tail <= length; tail++) {
            int b = bytes[length - tail] & 0xFF;
            if (b >= 0xC0) {
                return beginsCharacter(bytes, length - tail, tail) ? tail : 0;
            }
            if (b < 0x80) {
                return 0;
            }
        }
        return 0;
    }

    /** Whether the {@code count} bytes at {@code at} are a proper prefix of some well-formed character. */
    private static boolean beginsCharacter(byte[] bytes, int at, int count) {
        int lead = bytes[at] & 0xFF;
        int needed = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        if (count >= needed) {
            return false;
        }
        return count == 1 || isSecondByte(lead, bytes[at + 1] & 0xFF);
    }

    /**
     * Whether {@code second} may follow {@code lead}: rules out overlong forms, surrogates and what lies past U+10FFFF.
     */
    static boolean isSecondByte(int lead, int second) {
        int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        return second >= low && second <= high;
    }
}
