package dev.mynah.text;

/**
 * The character classes that pre-tokenization patterns speak of, for characters in UTF-8. They follow the JDK's Unicode
 * version (16 in JDK 25): a test holds them to the classes of
 * the reference over all code points.
 */
final class CharClasses {

    /** {@code \p{L}}. */
    static final int LETTER = 1;

    /** {@code \p{N}}. */
    static final int NUMBER = 2;

    /** {@code \s}, that is the property White_Space. */
    static final int SPACE = 4;

    /** {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]}. */
    static final int UPPER = 8;

    /** {@code [\p{Ll}\p{Lm}\p{Lo}\p{M}]}. */
    static final int LOWER = 16;

    /** A character has at most one of these three kinds; none is kind 0. */
    static final int KIND = LETTER | NUMBER | SPACE;

    private static final byte[] TABLE = table();

    private CharClasses() {}

    static int of(int codePoint) {
        return TABLE[codePoint];
    }

    /**
     * The classes of the character at {@code i < end} in the low 8 bits, its length in bytes above them. A byte that is
     * not part of a well-formed character stands alone, without
     * any class.
     */
    static int at(byte[] text, int i, int end) {
        int lead = text[i];
        if (lead >= 0) {
            return TABLE[lead] | (1 << 8);
        }
        return multibyte(text, i, end, lead & 0xFF);
    }

    static int length(int classes) {
        return classes >> 8;
    }

    private static int multibyte(byte[] text, int i, int end, int lead) {
        int invalid = 1 << 8;
        if (lead < 0xC2 || lead > 0xF4 || i + 1 >= end || !Utf8.isSecondByte(lead, text[i + 1] & 0xFF)) {
            return invalid;
        }
        int codePoint = text[i + 1] & 0x3F;
        if (lead < 0xE0) {
            return TABLE[((lead & 0x1F) << 6) | codePoint] | (2 << 8);
        }
        if (i + 2 >= end || (text[i + 2] & 0xC0) != 0x80) {
            return invalid;
        }
        codePoint = (codePoint << 6) | (text[i + 2] & 0x3F);
        if (lead < 0xF0) {
            return TABLE[((lead & 0x0F) << 12) | codePoint] | (3 << 8);
        }
        if (i + 3 >= end || (text[i + 3] & 0xC0) != 0x80) {
            return invalid;
        }
        codePoint = (codePoint << 6) | (text[i + 3] & 0x3F);
        return TABLE[((lead & 0x07) << 18) | codePoint] | (4 << 8);
    }

    private static byte[] table() {
        byte[] table = new byte[Character.MAX_CODE_POINT + 1];
        for (int c = 0; c < table.length; c++) {
            table[c] = (byte) classify(c);
        }
        return table;
    }

    private static int classify(int c) {
        return switch (Character.getType(c)) {
            case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> LETTER | UPPER;
            case Character.LOWERCASE_LETTER -> LETTER | LOWER;
            case Character.MODIFIER_LETTER, Character.OTHER_LETTER -> LETTER | UPPER | LOWER;
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK ->
                UPPER | LOWER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> SPACE;
            default -> (c >= '\t' && c <= '\r') || c == 0x85 ? SPACE : 0;
        };
    }
}
