package dev.mynah.data;

import dev.mynah.files.Digests;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;

/** 128 bits of the SHA-256 of a text in its folded form: the same for texts that differ only in letter case, white space or compatibility forms. */
record TextHash(long high, long low) {

    static TextHash of(String folded) {
        ByteBuffer digest = ByteBuffer.wrap(Digests.sha256().digest(folded.getBytes(StandardCharsets.UTF_8)));
        return new TextHash(digest.getLong(), digest.getLong());
    }

    /** NFKC, lower case, each run of white space as one space, none at the ends. */
    static String fold(String text) {
        String normal = Normalizer.isNormalized(text, Normalizer.Form.NFKC)
                ? text
                : Normalizer.normalize(text, Normalizer.Form.NFKC);
        String lower = normal.toLowerCase(Locale.ROOT);
        StringBuilder out = new StringBuilder(lower.length());
        boolean space = false;
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (Character.isWhitespace(c)) {
                space = true;
                continue;
            }
            if (space && !out.isEmpty()) {
                out.append(' ');
            }
            space = false;
            out.append(c);
        }
        return out.toString();
    }
}
