package dev.mynah.files.config;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the word that a misspelt one was meant to be, by Levenshtein distance. */
final class EditDistance {
    private static final int LONGEST = 64;

    private EditDistance() {}

    /**
     * The candidate nearest to {@code word}, or null where none is within a third of the word's length (at least 2
     * changes).
     */
    static @Nullable String nearest(String word, Collection<String> candidates) {
        if (word.length() > LONGEST) {
            return null;
        }
        int best = Math.min(word.length(), Math.max(2, word.length() / 3) + 1);
        String nearest = null;
        for (String candidate : candidates) {
            int distance = between(word, candidate);
            if (distance < best) {
                best = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    static int between(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
