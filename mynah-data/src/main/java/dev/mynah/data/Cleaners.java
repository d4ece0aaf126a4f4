package dev.mynah.data;

import java.text.Normalizer;

/** The cleaning steps. */
public final class Cleaners {

    private Cleaners() {}

    /** Unicode normalisation (UAX #15): NFC composes, NFKC also folds compatibility forms such as full-width letters. */
    public static Cleaner normalize(Normalizer.Form form) {
        return text -> Normalizer.isNormalized(text, form) ? text : Normalizer.normalize(text, form);
    }

    /** Removes control characters (category Cc) and byte order marks; keeps newline and tab; CR and CR LF become newlines. */
    public static Cleaner removeControls() {
        return text -> {
            int first = 0;
            while (first < text.length() && !isControl(text.charAt(first))) {
                first++;
            }
            return first == text.length() ? text : withoutControls(text, first);
        };
    }

    private static boolean isControl(char c) {
        return c == '\uFEFF' || (c != '\n' && c != '\t' && Character.isISOControl(c));
    }

    private static String withoutControls(String text, int first) {
        StringBuilder out = new StringBuilder(text.length()).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r') {
                boolean pair = i + 1 < text.length() && text.charAt(i + 1) == '\n';
                out.append(pair ? "" : "\n");
            } else if (!isControl(c)) {
                out.append(c);
            }
        }
        return out.toString();
    }

    /**
     * Removes white space at the ends of lines and of the text, and lets at most one blank line stand between two others. White space inside lines stays: it is meaning in code and
     * in tables.
     */
    public static Cleaner tidyWhitespace() {
        return text -> {
            StringBuilder out = new StringBuilder(text.length());
            int blankLines = 0;
            for (int start = 0; start <= text.length(); ) {
                int newline = text.indexOf('\n', start);
                int lineEnd = newline < 0 ? text.length() : newline;
                int end = lineEnd;
                while (end > start && isBlank(text.charAt(end - 1))) {
                    end--;
                }
                if (end == start) {
                    blankLines++;
                } else {
                    appendLine(out, text, start, end, blankLines);
                    blankLines = 0;
                }
                start = lineEnd + 1;
            }
            return out.length() == text.length() ? text : out.toString();
        };
    }

    private static void appendLine(StringBuilder out, String text, int start, int end, int blankLines) {
        if (!out.isEmpty()) {
            out.append(blankLines > 0 ? "\n\n" : "\n");
        }
        out.append(text, start, end);
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /** Drops texts of fewer than {@code min} or more than {@code max} characters (code points). */
    public static Cleaner length(int min, int max) {
        return text -> {
            int length = text.codePointCount(0, text.length());
            return length >= min && length <= max ? text : null;
        };
    }
}
