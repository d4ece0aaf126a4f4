package dev.mynah.text;

import static dev.mynah.text.CharClasses.KIND;
import static dev.mynah.text.CharClasses.SPACE;

/**
 * The parts that pre-tokenization patterns are made of. Each looks at UTF-8 text from a position on and returns where
 * its match ends; no match ends where it began.
 */
final class Scan {

    private Scan() {}

    /** Characters of one kind: {@code \p{L}*}, {@code \p{N}*}, {@code \s*}, or with kind 0 {@code [^\s\p{L}\p{N}]*}. */
    static int run(byte[] text, int at, int end, int kind) {
        int i = at;
        while (i < end) {
            int classes = CharClasses.at(text, i, end);
            if ((classes & KIND) != kind) {
                break;
            }
            i += CharClasses.length(classes);
        }
        return i;
    }

    /** Characters that are of {@code aClass}. */
    static int runOf(byte[] text, int at, int end, int aClass) {
        int i = at;
        while (i < end) {
            int classes = CharClasses.at(text, i, end);
            if ((classes & aClass) == 0) {
                break;
            }
            i += CharClasses.length(classes);
        }
        return i;
    }

    /** {@code \p{N}{0,most}}. */
    static int numbers(byte[] text, int at, int end, int most) {
        int i = at;
        for (int count = 0; count < most && i < end; count++) {
            int classes = CharClasses.at(text, i, end);
            if ((classes & KIND) != CharClasses.NUMBER) {
                break;
            }
            i += CharClasses.length(classes);
        }
        return i;
    }

    /** {@code \s+(?!\S)|\s+}, with {@code \s*[\r\n]+} before them where {@code lineBreaks}. */
    static int spaces(byte[] text, int at, int end, boolean lineBreaks) {
        int i = at;
        int last = at;
        int afterLineBreak = at;
        while (i < end) {
            int classes = CharClasses.at(text, i, end);
            if ((classes & KIND) != SPACE) {
                break;
            }
            last = i;
            i += CharClasses.length(classes);
            if (isLineBreak(text[last])) {
                afterLineBreak = i;
            }
        }
        if (lineBreaks && afterLineBreak > at) {
            return afterLineBreak;
        }
        // The last space before a word is left to the word, unless it is the only one.
        return i == end || last == at ? i : last;
    }

    /** {@code 's|'t|'re|'ve|'m|'ll|'d}. Without regard to case, U+017F (long s) is an s too. */
    static int contraction(byte[] text, int at, int end, boolean anyCase) {
        if (at + 1 >= end || text[at] != '\'') {
            return at;
        }
        int first = letter(text[at + 1], anyCase);
        if (first == 's' || first == 't' || first == 'm' || first == 'd') {
            return at + 2;
        }
        if (at + 2 >= end) {
            return at;
        }
        if (anyCase && text[at + 1] == (byte) 0xC5 && text[at + 2] == (byte) 0xBF) {
            return at + 3;
        }
        int second = letter(text[at + 2], anyCase);
        boolean two = ((first == 'r' || first == 'v') && second == 'e') || (first == 'l' && second == 'l');
        return two ? at + 3 : at;
    }

    static boolean isLineBreak(byte b) {
        return b == '\n' || b == '\r';
    }

    private static int letter(byte b, boolean anyCase) {
        return anyCase && b >= 'A' && b <= 'Z' ? b | 0x20 : b;
    }
}
