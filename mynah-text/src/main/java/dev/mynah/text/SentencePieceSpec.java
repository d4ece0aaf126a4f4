package dev.mynah.text;

import java.util.List;

/**
 * What a file says of a byte-pair encoding over characters, checked.
 *
 * @param pieces by id, with U+2581 for a space; empty where an id has none
 * @param kinds of the pieces, by id
 * @param order which pieces merge first
 * @param addedTokens tokens that are found in the text before the rest is merged
 * @param prefix where a space is put before text
 * @param splitsWords whether merges stop before every U+2581
 * @param stripsPrefix whether decoding takes one leading space away
 * @param unknownId what stands for bytes without a token, or -1 where every byte has one
 * @param before ids put before a sequence
 * @param after ids put after a sequence
 */
record SentencePieceSpec(
        List<String> pieces,
        List<Kind> kinds,
        Order order,
        List<AddedToken> addedTokens,
        Prefix prefix,
        boolean splitsWords,
        boolean stripsPrefix,
        int unknownId,
        List<Integer> before,
        List<Integer> after) {

    static final char SPACE = '\u2581';

    /** What a piece is for. */
    enum Kind {
        /** Stands for its characters, and is formed by merging. */
        NORMAL,
        /** Stands for the byte in its name, {@code <0x0A>}. */
        BYTE,
        /** Never formed from text. */
        CONTROL
    }

    /** Where a space is put before text. */
    enum Prefix {
        NEVER,
        /** Before every stretch between added tokens, also one that begins with a space. */
        EVERY,
        /** Before every stretch between added tokens that does not begin with a space. */
        EVERY_UNLESS_SPACE,
        /** Before the text, unless it begins with a space or an added token. */
        FIRST_UNLESS_SPACE
    }

    /** Which pieces merge first. */
    sealed interface Order {}

    /** Those whose result has the higher score, by id; whatever makes a piece together merges. */
    record Scores(List<Float> scores) implements Order {
        Scores {
            scores = List.copyOf(scores);
        }
    }

    /** Those that come first in a list. */
    record Ranks(List<BpeSpec.Merge> merges) implements Order {
        Ranks {
            merges = List.copyOf(merges);
        }
    }

    SentencePieceSpec {
        pieces = List.copyOf(pieces);
        kinds = List.copyOf(kinds);
        addedTokens = List.copyOf(addedTokens);
        before = List.copyOf(before);
        after = List.copyOf(after);
    }
}
