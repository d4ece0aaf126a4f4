package dev.mynah.train.poet;

/**
 * Which rules a poem keeps.
 *
 * @param form       it has the lines and the characters a line that were asked for
 * @param rhyme      the even lines rhyme
 * @param theme      it contains a word of the theme
 * @param noRepeat   no line stands in it twice
 * @param original   at most half of its lines stand in the corpus word for word
 * @param varied     no character stands in it more than twice, as in 97% of the corpus: good manners, and not one of the rules
 */
public record PoemVerdict(
        boolean form, boolean rhyme, boolean theme, boolean noRepeat, boolean original, boolean varied) {

    /** Whether it keeps all rules. */
    public boolean all() {
        return form && rhyme && theme && noRepeat && original;
    }
}
