package dev.mynah.train.poet;

import java.util.Set;
import java.util.function.Predicate;

/** Judges poems by rule. Every judgement can be made again by anyone who has the rhyme table and the corpus. */
public final class PoemChecker {
    private final RhymeTable rhymes;
    private final Predicate<String> known;

    /**
     * A checker.
     *
     * @param knownLines the verses of all poems of the corpus, without punctuation
     */
    public PoemChecker(RhymeTable rhymes, Set<String> knownLines) {
        this.rhymes = rhymes;
        this.known = Set.copyOf(knownLines)::contains;
    }

    /** Judges an answer, all of which should be the poem. */
    public PoemVerdict check(String answer, PoemRequest request) {
        Poem poem = Poem.of(answer);
        PoemForm form = request.form();
        int lines = poem.lines().size();
        return new PoemVerdict(
                lines == form.lines() && poem.hasLinesOf(form.lineLength()),
                lines >= 2 && rhymes.rhyme(poem.rhymingCharacters()),
                request.theme().isEmpty() || request.theme().stream().anyMatch(poem::contains),
                !poem.hasRepeatedLine(),
                2 * poem.lines().stream().filter(known).count() <= lines);
    }
}
