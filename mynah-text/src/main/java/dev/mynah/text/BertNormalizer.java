package dev.mynah.text;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How BERT prepares text and cuts it into words (Devlin et al. 2019; the {@code BertNormalizer} and {@code
 * BertPreTokenizer} of the Hugging Face tokenizers library, whose results differ only in characters that Unicode has
 * got or reclassified since its version 9).
 *
 * @param cleanText    whether control characters are left out, and every kind of space is a plain one
 * @param chineseApart whether each Chinese character is a word
 * @param stripAccents whether marks above and below letters are left out
 * @param lowercase    whether letters become small ones
 */
record BertNormalizer(boolean cleanText, boolean chineseApart, boolean stripAccents, boolean lowercase) {

    /** The words of {@code text}, which is well-formed: what stands between spaces, and each punctuation mark. */
    List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        normalize(text).codePoints().forEach(c -> {
            boolean alone = isPunctuation(c);
            if ((alone || isSpace(c)) && !word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
            }
            if (alone) {
                words.add(Character.toString(c));
            } else if (!isSpace(c)) {
                word.appendCodePoint(c);
            }
        });
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }

    private String normalize(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (cleanText && isDropped(c)) {
                return;
            }
            if (chineseApart && isChinese(c)) {
                out.append(' ').appendCodePoint(c).append(' ');
            } else {
                out.appendCodePoint(cleanText && isSpace(c) ? ' ' : c);
            }
        });
        String accentless = stripAccents ? withoutAccents(out.toString()) : out.toString();
        return lowercase ? lowercased(accentless) : accentless;
    }

    private static String withoutAccents(String text) {
        StringBuilder out = new StringBuilder(text.length());
        Normalizer.normalize(text, Normalizer.Form.NFD)
                .codePoints()
                .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    /** Character by character: a sigma at the end of a word is one like any other. */
    private static String lowercased(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.append(Character.toString(c).toLowerCase(Locale.ROOT)));
        return out.toString();
    }

    private static boolean isDropped(int c) {
        return c == 0xFFFD
                || switch (Character.getType(c)) {
                    case Character.CONTROL -> !isSpace(c) || c == 0x0B || c == 0x0C || c == 0x85;
                    case Character.FORMAT, Character.PRIVATE_USE -> true;
                    default -> false;
                };
    }

    private static boolean isSpace(int c) {
        return switch (Character.getType(c)) {
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> (c >= '\t' && c <= '\r') || c == 0x85;
        };
    }

    private static boolean isPunctuation(int c) {
        if (c < 0x80) {
            return c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c);
        }
        return switch (Character.getType(c)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }

    /** The blocks of the reference, which leaves out the beginning of extension E. */
    private static boolean isChinese(int c) {
        return (c >= 0x4E00 && c <= 0x9FFF)
                || (c >= 0x3400 && c <= 0x4DBF)
                || (c >= 0x20000 && c <= 0x2A6DF)
                || (c >= 0x2A700 && c <= 0x2B81F)
                || (c >= 0x2B920 && c <= 0x2CEAF)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0x2F800 && c <= 0x2FA1F);
    }
}
