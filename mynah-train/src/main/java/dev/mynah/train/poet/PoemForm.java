package dev.mynah.train.poet;

import java.util.Optional;

/** The regulated forms that the poet is asked for: so many lines of so many characters each. */
public enum PoemForm {
    FIVE_QUATRAIN(4, 5, "五言绝句", "five-character quatrain"),
    SEVEN_QUATRAIN(4, 7, "七言绝句", "seven-character quatrain"),
    FIVE_OCTAVE(8, 5, "五言律诗", "five-character octave"),
    SEVEN_OCTAVE(8, 7, "七言律诗", "seven-character octave");

    private final int lines;
    private final int lineLength;
    private final String chinese;
    private final String english;

    PoemForm(int lines, int lineLength, String chinese, String english) {
        this.lines = lines;
        this.lineLength = lineLength;
        this.chinese = chinese;
        this.english = english;
    }

    public int lines() {
        return lines;
    }

    /** Characters of every line. */
    public int lineLength() {
        return lineLength;
    }

    /** The form's name in Chinese, such as 五言绝句. */
    public String chinese() {
        return chinese;
    }

    /** The form's name in English, in lower case. */
    public String english() {
        return english;
    }

    /** The form that a poem has, if it has one. */
    public static Optional<PoemForm> of(Poem poem) {
        for (PoemForm form : values()) {
            if (poem.lines().size() == form.lines && poem.hasLinesOf(form.lineLength)) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }
}
