package dev.mynah.text;

import java.text.Normalizer;
import java.util.BitSet;

/**
 * Unicode normalization form C as the reference (the Hugging Face tokenizers library) does it, whose data are of
 * Unicode 9: combining marks and compositions that came later are left
 * where they stand. Models have seen their text in that form.
 */
final class Nfc {

    /**
     * First and last of each range of later marks, and of later characters that combine. Found by comparing all code
     * points with tokenizers 0.23.3.
     */
    private static final int[] LATER_RANGES = {
        0x07FD, 0x07FD, 0x0897, 0x089F, 0x08CA, 0x08D3, 0x09FE, 0x09FE, 0x0C3C, 0x0C3C, 0x0D3B, 0x0D3C, 0x0EBA, 0x0EBA,
        0x1715, 0x1715, 0x1ABF, 0x1ACE, 0x1DF6, 0x1DFA, 0xA82C, 0xA82C, 0x105C9, 0x105C9, 0x105D2, 0x105D2, 0x105DA,
        0x105DA, 0x105E4, 0x105E4, 0x10D24, 0x10D27, 0x10D69, 0x10D6D, 0x10EAB, 0x10EAC, 0x10EFD, 0x10EFF, 0x10F46,
        0x10F50, 0x10F82, 0x10F85, 0x11070, 0x11070, 0x1133B, 0x1133B, 0x11382, 0x11385, 0x1138B, 0x1138B, 0x1138E,
        0x1138E, 0x11390, 0x11391, 0x113B8, 0x113B8, 0x113BB, 0x113BB, 0x113C2, 0x113C2, 0x113C5, 0x113C5, 0x113C7,
        0x113C9, 0x113CE, 0x113D0, 0x1145E, 0x1145E, 0x11839, 0x1183A, 0x11930, 0x11930, 0x11935, 0x11935, 0x11938,
        0x11938, 0x1193D, 0x1193E, 0x11943, 0x11943, 0x119E0, 0x119E0, 0x11A34, 0x11A34, 0x11A47, 0x11A47, 0x11A99,
        0x11A99, 0x11D42, 0x11D42, 0x11D44, 0x11D45, 0x11D97, 0x11D97, 0x11F41, 0x11F42, 0x1611E, 0x16129, 0x1612F,
        0x1612F, 0x16D63, 0x16D63, 0x16D67, 0x16D6A, 0x16FF0, 0x16FF1, 0x1E08F, 0x1E08F, 0x1E130, 0x1E136, 0x1E2AE,
        0x1E2AE, 0x1E2EC, 0x1E2EF, 0x1E4EC, 0x1E4EF, 0x1E5EE, 0x1E5EF
    };

    private static final BitSet LATER = later();

    private Nfc() {}

    /** {@code text}, which is well-formed, in form C; the same object where it has that form. */
    static String normalize(String text) {
        if (Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int done = 0;
        int i = 0;
        while (i < text.length()) {
            int codePoint = text.codePointAt(i);
            int next = i + Character.charCount(codePoint);
            if (LATER.get(codePoint)) {
                out.append(Normalizer.normalize(text.substring(done, i), Normalizer.Form.NFC));
                out.appendCodePoint(codePoint);
                done = next;
            }
            i = next;
        }
        return out.append(Normalizer.normalize(text.substring(done), Normalizer.Form.NFC))
                .toString();
    }

    private static BitSet later() {
        BitSet later = new BitSet();
        for (int i = 0; i < LATER_RANGES.length; i += 2) {
            later.set(LATER_RANGES[i], LATER_RANGES[i + 1] + 1);
        }
        return later;
    }
}
