package dev.mynah.engine;

import java.util.Arrays;
import java.util.List;

/** Guesses that a text goes on as it did before, after the last place where the same few tokens stand (prompt lookup decoding, Saxena 2023). Good for summaries, edits and code. */
final class PromptLookup implements Drafter {
    /** The longest match that is looked for first, and the shortest. */
    private static final int LONGEST = 3;

    private static final int SHORTEST = 2;

    @Override
    public List<Draft> draft(List<Sequence> sequences, int most) {
        return sequences.stream()
                .map(sequence -> lookUp(sequence.tokens(), sequence.draftable(most)))
                .toList();
    }

    static Draft lookUp(int[] text, int most) {
        if (most < 1) {
            return Draft.NONE;
        }
        for (int length = Math.min(LONGEST, text.length - 1); length >= SHORTEST; length--) {
            int tail = text.length - length;
            for (int start = tail - 1; start >= 0; start--) {
                if (Arrays.equals(text, start, start + length, text, tail, text.length)) {
                    int from = start + length;
                    return new Draft(Arrays.copyOfRange(text, from, Math.min(from + most, text.length)), List.of());
                }
            }
        }
        return Draft.NONE;
    }
}
