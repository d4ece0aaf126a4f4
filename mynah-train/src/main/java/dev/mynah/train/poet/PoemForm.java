package dev.mynah.train.poet;

import java.util.Arrays;
import java.util.Optional;

/** The regulated forms that the poet is asked for: so many lines of so many characters each. */
public enum PoemForm {
    FIVE_QUATRAIN(4, 5),
    SEVEN_QUATRAIN(4, 7),
    FIVE_OCTAVE(8, 5),
    SEVEN_OCTAVE(8, 7);

    private final int lines;
    private final int lineLength;

    PoemForm(int lines, int lineLength) {
        this.lines = lines;
        this.lineLength = lineLength;
    }

    public int lines() {
        return lines;
    }

    /** Characters of every line. */
    public int lineLength() {
        return lineLength;
    }

    /** The form with so many lines and characters a line. */
    static Optional<PoemForm> of(int lines, int lineLength) {
        return Arrays.stream(values())
                .filter(form -> form.lines == lines && form.lineLength == lineLength)
                .findFirst();
    }

    /** The form that a poem has, if it has one. */
    public static Optional<PoemForm> of(Poem poem) {
        return Arrays.stream(values()).filter(form -> form.fits(poem)).findFirst();
    }

    boolean fits(Poem poem) {
        return poem.lines().size() == lines && poem.hasLinesOf(lineLength);
    }
}
