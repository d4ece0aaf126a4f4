package dev.mynah.server.moderation;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.text.SpoofChecker;
import com.ibm.icu.text.Transliterator;
import java.text.Normalizer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes one of all the ways to write a character: compatibility forms such as full width (Unicode's NFKD, UAX 15), accents, case, traditional Chinese, letters that look alike (UTS 39), and
 * digits and signs in the place of letters. It depends on nothing but the character itself, so a text can be folded as it comes.
 */
final class Folding {
    private static final int ASCII = 0x80;
    private static final int BMP = 0x10000;
    private static final String STOPS = ".,;:!?。，、；：！？…";
    // The digits that stand for letters, and i, which looks like l and 1.
    private static final String LEET_FROM = "0134578@$i";
    private static final String LEET_TO = "oleastbasl";

    private final Transliterator simplified = Transliterator.getInstance("Traditional-Simplified");
    private final SpoofChecker lookalikes = new SpoofChecker.Builder().build();
    private final Transliterator latin = Transliterator.getInstance("Han-Latin");
    // Filled as characters come; two threads that fill the same place write the same.
    private final @Nullable Folded[] known = new Folded[BMP];

    /** What a character is to the words around it. */
    enum Kind {
        /** A part of a word. */
        WORD,
        /** Not seen at all: marks, joiners, variation selectors. */
        IGNORED,
        /** Stands between words, or is put between the characters of one to hide it. */
        SIGN,
        SPACE,
        LINE_BREAK,
        /** Punctuation that ends a clause. */
        STOP
    }

    /**
     * A character folded.
     *
     * @param text   what it becomes; empty unless it is a part of a word
     * @param joined whether it is written without spaces between words, as Chinese is
     * @param letter whether it continues a word of a script that has spaces; signs that only stand for a letter do not
     */
    record Folded(Kind kind, String text, boolean joined, boolean letter) {}

    Folded of(int codePoint) {
        if (codePoint >= BMP) {
            return fold(codePoint);
        }
        Folded folded = known[codePoint];
        if (folded == null) {
            folded = fold(codePoint);
            known[codePoint] = folded;
        }
        return folded;
    }

    /** A text with its traditional Chinese characters made simplified. */
    String simplified(CharSequence text) {
        StringBuilder simple = new StringBuilder(text.length());
        text.codePoints().forEach(codePoint -> {
            if (Character.isIdeographic(codePoint)) {
                simple.append(of(codePoint).text());
            } else {
                simple.appendCodePoint(codePoint);
            }
        });
        return simple.toString();
    }

    private Folded fold(int codePoint) {
        StringBuilder text = new StringBuilder();
        Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKD)
                .codePoints()
                .filter(part -> !ignored(part))
                .forEach(part -> text.append(plain(part)));
        String word = text.codePoints()
                .filter(Character::isLetterOrDigit)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        if (word.isEmpty()) {
            return new Folded(separator(codePoint, text.isEmpty()), "", false, false);
        }
        boolean joined = word.codePoints().allMatch(Folding::joined);
        return new Folded(
                Kind.WORD, word, joined, !joined && (Character.isLetterOrDigit(codePoint) || codePoint >= ASCII));
    }

    private static Kind separator(int codePoint, boolean nothing) {
        if (codePoint == '\n' || codePoint == '\r' || codePoint == 0x2028 || codePoint == 0x2029) {
            return Kind.LINE_BREAK;
        }
        if (Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint)) {
            return Kind.SPACE;
        }
        if (nothing || ignored(codePoint)) {
            return Kind.IGNORED;
        }
        return STOPS.indexOf(codePoint) >= 0 ? Kind.STOP : Kind.SIGN;
    }

    private static boolean joined(int codePoint) {
        return Character.isIdeographic(codePoint)
                || Character.UnicodeScript.of(codePoint) == Character.UnicodeScript.HIRAGANA
                || Character.UnicodeScript.of(codePoint) == Character.UnicodeScript.KATAKANA;
    }

    private static boolean ignored(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> true;
            case Character.CONTROL -> !Character.isWhitespace(codePoint);
            default -> UCharacter.hasBinaryProperty(codePoint, UProperty.DEFAULT_IGNORABLE_CODE_POINT);
        };
    }

    /** One character of a decomposition. */
    private String plain(int codePoint) {
        String one = Character.toString(codePoint);
        if (Character.isIdeographic(codePoint)) {
            return simplified.transliterate(one);
        }
        if (codePoint >= ASCII) {
            String skeleton = lookalikes.getSkeleton(one);
            one = skeleton.chars().allMatch(c -> c < ASCII) ? skeleton : one;
        }
        StringBuilder text = new StringBuilder(one.toLowerCase(Locale.ROOT));
        for (int i = 0; i < text.length(); i++) {
            int leet = LEET_FROM.indexOf(text.charAt(i));
            if (leet >= 0) {
                text.setCharAt(i, LEET_TO.charAt(leet));
            }
        }
        return text.toString();
    }

    /** A Chinese character's most usual sound, without its tone. */
    String pinyin(int codePoint) {
        return Normalizer.normalize(latin.transliterate(Character.toString(codePoint)), Normalizer.Form.NFKD)
                .replaceAll("[^a-z]", "");
    }
}
