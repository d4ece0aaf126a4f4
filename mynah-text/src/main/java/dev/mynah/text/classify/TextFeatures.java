package dev.mynah.text.classify;

import java.text.Normalizer;
import java.util.Arrays;

/**
 * The n-grams of a text, each as the number of a bucket (Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning"; Joulin et al. 2016, "Bag of Tricks for Efficient Text
 * Classification"). Of words: the word, pairs of neighbours, and 3 to 5 characters of a word and its two ends. Of Chinese: 1 to 3 characters in a row. Letter case, compatibility forms, accents,
 * invisible characters and punctuation make no difference.
 */
public final class TextFeatures {
    private static final int SHORTEST_GRAM = 3;
    private static final int LONGEST_GRAM = 5;
    private static final int LONGEST_HAN = 3;
    private static final int LONGEST_WORD = 64;
    private static final char BOUNDARY = ' ';

    // What kind of n-gram a hash begins with, so that equal characters of different kinds are told apart.
    private static final long WORD = 1;
    private static final long PAIR = 2;
    private static final long GRAM = 3;
    private static final long HAN = 4;

    private final int shift;
    private int[] buckets = new int[256];
    private int count;

    private TextFeatures(int bits) {
        shift = Long.SIZE - bits;
    }

    /**
     * The buckets of all n-grams, as often as they occur.
     *
     * @param bits there are {@code 2^bits} buckets
     */
    public static int[] of(CharSequence text, int bits) {
        TextFeatures features = new TextFeatures(bits);
        features.addAll(normalized(text));
        return Arrays.copyOf(features.buckets, features.count);
    }

    /** Letters, digits and Chinese characters; all else is one space. */
    private static String normalized(CharSequence text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKD);
        StringBuilder normal = new StringBuilder(plain.length());
        for (int i = 0; i < plain.length(); ) {
            int codePoint = plain.codePointAt(i);
            i += Character.charCount(codePoint);
            int type = Character.getType(codePoint);
            if (Character.isLetterOrDigit(codePoint)) {
                normal.appendCodePoint(Character.toLowerCase(codePoint));
            } else if (type != Character.NON_SPACING_MARK
                    && type != Character.FORMAT
                    && !normal.isEmpty()
                    && normal.charAt(normal.length() - 1) != BOUNDARY) {
                normal.append(BOUNDARY);
            }
        }
        return normal.toString();
    }

    private void addAll(String text) {
        long before = 0;
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) == BOUNDARY) {
                at++;
                continue;
            }
            boolean han = isHan(text.charAt(at));
            int end = at;
            while (end < text.length() && text.charAt(end) != BOUNDARY && isHan(text.charAt(end)) == han) {
                end++;
            }
            if (han) {
                addHan(text, at, end);
                before = 0;
            } else {
                before = addWord(text, at, Math.min(end, at + LONGEST_WORD), before);
            }
            at = end;
        }
    }

    private static boolean isHan(char c) {
        return Character.isIdeographic(c) || Character.isSurrogate(c);
    }

    private void addHan(String text, int start, int end) {
        for (int from = start; from < end; from++) {
            long hash = HAN;
            for (int to = from; to < Math.min(end, from + LONGEST_HAN); to++) {
                hash = mixed(hash, text.charAt(to));
                add(hash);
            }
        }
    }

    /** Adds a word, and the pair that it makes with the word before; gives its hash. */
    private long addWord(String text, int start, int end, long before) {
        long word = WORD;
        for (int i = start; i < end; i++) {
            word = mixed(word, text.charAt(i));
        }
        add(word);
        if (before != 0) {
            add(mixed(PAIR + before * 31, (char) word) + word);
        }
        for (int from = start - 1; from <= end - SHORTEST_GRAM + 1; from++) {
            long hash = GRAM;
            for (int to = from; to < Math.min(end + 1, from + LONGEST_GRAM); to++) {
                hash = mixed(hash, to < start || to >= end ? BOUNDARY : text.charAt(to));
                if (to - from + 1 >= SHORTEST_GRAM) {
                    add(hash);
                }
            }
        }
        return word;
    }

    private static long mixed(long hash, char c) {
        long product = (hash ^ c) * 0x9E3779B97F4A7C15L;
        return product ^ (product >>> 29);
    }

    private void add(long hash) {
        if (count == buckets.length) {
            buckets = Arrays.copyOf(buckets, 2 * count);
        }
        buckets[count++] = (int) ((hash * 0xBF58476D1CE4E5B9L) >>> shift);
    }
}
