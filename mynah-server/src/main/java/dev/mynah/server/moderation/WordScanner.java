package dev.mynah.server.moderation;

import dev.mynah.server.moderation.Folding.Folded;
import dev.mynah.server.moderation.Folding.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds a lexicon's words in a text that comes character by character, whatever is put between their characters.
 *
 * <p>A word of letters begins and ends where words do, so that no part of a harmless word is one. Between the characters of a word there may be signs; also what parts words or clauses (a
 * space between letters, a comma between Chinese characters), but then between all of them: {@code b o m b} is one, {@code s cat} in "Schrödinger's cat" is none.
 */
final class WordScanner {
    /** The most characters that are passed over between two of a word. */
    static final int MAX_GAP = 16;

    private static final int SHORTEST_SPREAD = 3;
    // What is known of a folded character.
    private static final int BEGINS_WORD = 1;
    private static final int LETTER = 2;
    private static final int DIGIT = 4;
    private static final int GAP = 8;
    private static final int SPACE_GAP = 16;
    private static final int STOP_GAP = 32;

    private final Automaton automaton;
    private final Consumer<Finding> sink;
    // The newest folded characters, by their number: where they stand in the text, and what is known of them.
    private final int[] starts;
    private final int[] flags;
    private final int mask;
    private int count;
    private int state = Automaton.ROOT;
    private int gap;
    private int gapFlags;
    private boolean afterLetter;
    private boolean afterJoined;
    // Words that are found if no letter follows.
    private final List<Finding> pending = new ArrayList<>();

    WordScanner(Automaton automaton, int longest, Consumer<Finding> sink) {
        this.automaton = automaton;
        this.sink = sink;
        int size = Integer.highestOneBit(Math.max(longest, 1)) << 1;
        starts = new int[size];
        flags = new int[size];
        mask = size - 1;
    }

    /** Takes the next character, which stands at {@code start} up to {@code end}. */
    void accept(int codePoint, Folded folded, int start, int end) {
        boolean hides = !folded.letter() && !folded.joined() && afterJoined;
        if (folded.kind() == Kind.WORD && !hides) {
            word(codePoint, folded, start, end);
        } else {
            settle(false);
            pass(folded.kind());
        }
    }

    private void pass(Kind kind) {
        gapFlags |= switch (kind) {
            case IGNORED -> 0;
            case SIGN, WORD -> GAP;
            case SPACE -> GAP | SPACE_GAP;
            case STOP, LINE_BREAK -> GAP | SPACE_GAP | STOP_GAP;
        };
        afterLetter = afterLetter && kind == Kind.IGNORED;
        if (++gap > MAX_GAP) {
            state = Automaton.ROOT;
        }
    }

    private void word(int codePoint, Folded folded, int start, int end) {
        int own = (folded.letter() ? LETTER : 0) | (Character.isDigit(codePoint) ? DIGIT : 0);
        for (int i = 0; i < folded.text().length(); i++) {
            boolean inWord = i > 0 || (afterLetter && folded.letter());
            settle(i > 0 || folded.letter());
            starts[count & mask] = start;
            flags[count & mask] = own | gapFlags | (inWord ? 0 : BEGINS_WORD);
            count++;
            gapFlags = 0;
            gap = 0;
            state = automaton.next(state, folded.text().charAt(i));
            for (WordPattern pattern : automaton.found(state)) {
                found(pattern, end);
            }
        }
        afterLetter = folded.letter();
        afterJoined = folded.joined();
    }

    private void found(WordPattern pattern, int end) {
        int first = count - pattern.text().length();
        if (!mayBeginAt(first) || !acceptable(pattern, first)) {
            return;
        }
        Finding finding = new Finding(pattern.category(), starts[first & mask], end);
        if (pattern.openEnd() || (flags[(count - 1) & mask] & LETTER) == 0) {
            sink.accept(finding);
        } else {
            pending.add(finding);
        }
    }

    private boolean mayBeginAt(int number) {
        int known = flags[number & mask];
        return (known & LETTER) == 0 || (known & BEGINS_WORD) != 0;
    }

    /** Whether what stands between the characters belongs there, or hides the word. */
    private boolean acceptable(WordPattern pattern, int first) {
        boolean digits = (flags[first & mask] & DIGIT) != 0;
        int gaps = 0;
        int closed = 0;
        boolean heavy = false;
        for (int i = 1; i < pattern.text().length(); i++) {
            int known = flags[(first + i) & mask];
            digits &= (known & DIGIT) != 0;
            if (pattern.breaks().get(i)) {
                continue;
            }
            closed++;
            if ((known & GAP) != 0) {
                gaps++;
                boolean letters = (known & flags[(first + i - 1) & mask] & LETTER) != 0;
                heavy |= (known & (letters ? SPACE_GAP : STOP_GAP)) != 0;
            }
        }
        boolean spread = gaps == closed && pattern.text().length() >= SHORTEST_SPREAD;
        return digits == pattern.digits() && (!heavy || spread);
    }

    /** Decides about the words that ended with the character before. */
    private void settle(boolean letterFollows) {
        if (!letterFollows) {
            pending.forEach(sink);
        }
        pending.clear();
    }

    /** Says that nothing follows. */
    void finish() {
        settle(false);
        state = Automaton.ROOT;
    }

    /** Where the earliest word begins that what follows may still complete; {@code end} if there is none. */
    int undecided(int end) {
        int earliest = end;
        for (Finding finding : pending) {
            earliest = Math.min(earliest, finding.start());
        }
        for (int from = state; from != Automaton.ROOT; from = automaton.fallback(from)) {
            int first = count - automaton.depth(from);
            if (automaton.isOpen(from) && mayBeginAt(first)) {
                return Math.min(earliest, starts[first & mask]);
            }
        }
        return earliest;
    }
}
