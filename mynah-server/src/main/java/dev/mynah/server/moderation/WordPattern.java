package dev.mynah.server.moderation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * A way to write a word of a lexicon, folded.
 *
 * @param text      what the characters become
 * @param breaks    before which of its characters a space belongs
 * @param openEnd   whether more letters may follow, as in {@code explosive*}
 * @param digits    whether it has no letter
 */
record WordPattern(Category category, String text, BitSet breaks, boolean openEnd, boolean digits) {
    private static final int MAX_MIXED = 4;
    private static final int SHORTEST_PINYIN = 6;

    /**
     * All ways to write a word: as it is, in pinyin, and short Chinese ones with each character in either.
     *
     * @throws IllegalArgumentException if it has no letter or digit
     */
    static List<WordPattern> of(Category category, String word, Folding folding) {
        boolean openEnd = word.endsWith("*");
        List<Piece> pieces = pieces(openEnd ? word.substring(0, word.length() - 1) : word, folding);
        if (pieces.isEmpty()) {
            throw new IllegalArgumentException("the word \"" + word + "\" has no letter and no digit");
        }
        boolean digits = word.codePoints().noneMatch(Character::isLetter);
        int sounds =
                (int) pieces.stream().filter(piece -> !piece.sound.isEmpty()).count();
        if (sounds == 0) {
            return List.of(pattern(category, pieces, 0, openEnd, digits));
        }
        int all = (1 << Math.min(pieces.size(), MAX_MIXED)) - 1;
        List<WordPattern> patterns = new ArrayList<>();
        if (pieces.size() <= MAX_MIXED && sounds == pieces.size()) {
            for (int spelled = 0; spelled < all; spelled++) {
                patterns.add(pattern(category, pieces, spelled, openEnd, digits));
            }
        } else {
            patterns.add(pattern(category, pieces, 0, openEnd, digits));
        }
        // Shorter ones are words of other languages too.
        int letters = pieces.stream().mapToInt(piece -> piece.sound.length()).sum();
        if (sounds == pieces.size() && letters >= SHORTEST_PINYIN) {
            patterns.add(pattern(category, pieces, -1, openEnd, digits));
        }
        return patterns;
    }

    /** A character of the word: what it becomes, and its sound, folded too, where it has one. */
    private record Piece(String text, String sound, boolean spaceBefore) {}

    private static List<Piece> pieces(String word, Folding folding) {
        List<Piece> pieces = new ArrayList<>();
        boolean space = false;
        for (int codePoint : word.codePoints().toArray()) {
            Folding.Folded folded = folding.of(codePoint);
            if (folded.kind() == Folding.Kind.WORD) {
                String sound = Character.isIdeographic(codePoint) ? folding.pinyin(codePoint) : "";
                pieces.add(new Piece(folded.text(), folded(sound, folding), space && !pieces.isEmpty()));
            }
            space = folded.kind() != Folding.Kind.WORD && folded.kind() != Folding.Kind.IGNORED;
        }
        return pieces;
    }

    private static String folded(String sound, Folding folding) {
        StringBuilder text = new StringBuilder();
        sound.chars().forEach(c -> text.append(folding.of(c).text()));
        return text.toString();
    }

    /** @param spelled a bit for each piece that is written as it sounds */
    private static WordPattern pattern(
            Category category, List<Piece> pieces, int spelled, boolean openEnd, boolean digits) {
        StringBuilder text = new StringBuilder();
        BitSet breaks = new BitSet();
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            boolean sounds = ((spelled >> Math.min(i, Integer.SIZE - 1)) & 1) == 1;
            breaks.set(text.length(), piece.spaceBefore || (sounds && i > 0));
            text.append(sounds ? piece.sound : piece.text);
        }
        return new WordPattern(category, text.toString(), breaks, openEnd, digits);
    }

    /** All ways to write all words. */
    static List<WordPattern> all(Stream<Lexicon.Word> words, Folding folding) {
        return words.flatMap(word -> of(word.category(), word.text(), folding).stream())
                .toList();
    }
}
