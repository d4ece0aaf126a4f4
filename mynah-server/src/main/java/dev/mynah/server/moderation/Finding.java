package dev.mynah.server.moderation;

import org.jspecify.annotations.Nullable;

/**
 * A place of a text, from {@code start} up to {@code end}, both in characters of the original.
 *
 * @param probability that it belongs there, of the classifier; null for a word or a pattern, which is there
 */
record Finding(
        Category category, int start, int end, @Nullable Double probability) {

    /** Of a word or a pattern. */
    Finding(Category category, int start, int end) {
        this(category, start, end, null);
    }
}
