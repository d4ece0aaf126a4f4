package dev.mynah.server.moderation;

import org.jspecify.annotations.Nullable;

/**
 * Something that operators should see.
 *
 * @param excerpt     the place, with a little of what stands around it
 * @param probability of the classifier; null where a word or a pattern was found
 */
record Item(
        Direction direction,
        Category category,
        Action action,
        String excerpt,
        @Nullable Double probability) {
    private static final int AROUND = 60;
    private static final int LONGEST = 200;

    static Item of(Direction direction, Finding finding, Action action, String text) {
        int from = Math.max(0, finding.start() - AROUND);
        int to = Math.min(text.length(), Math.min(finding.end() + AROUND, from + LONGEST));
        if (from > 0 && Character.isLowSurrogate(text.charAt(from))) {
            from++;
        }
        if (to > from && Character.isHighSurrogate(text.charAt(to - 1))) {
            to--;
        }
        return new Item(
                direction,
                finding.category(),
                action,
                text.substring(from, to).replace('\0', ' '),
                finding.probability());
    }
}
