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

    /** Judges an answer, all of which should be the poem, or the rest of it. */
    public PoemVerdict check(String answer, PoemRequest request) {
        Poem written = Poem.of(answer);
        Poem poem = Poem.of(request.given() + "\n" + answer);
        PoemForm form = request.form();
        return new PoemVerdict(
                form == null ? PoemForm.of(poem).isPresent() : form.fits(poem),
                poem.lines().size() >= 2 && rhymes.rhyme(poem.rhymingCharacters()),
                request.theme().isEmpty() || poem.containsAny(request.theme()),
                !poem.hasRepeatedLine(),
                2 * written.lines().stream().filter(known).count()
                        <= written.lines().size(),
                poem.isVaried());
    }
}
