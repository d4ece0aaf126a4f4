package dev.mynah.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.Normalizer;
import org.junit.jupiter.api.Test;

class CleanersTest {

    @Test
    void normalizationComposesAndFolds() {
        Cleaner nfc = Cleaners.normalize(Normalizer.Form.NFC);
        assertThat(nfc.clean("e\u0301ﬁ，")).isEqualTo("éﬁ，");
        assertThat(Cleaners.normalize(Normalizer.Form.NFKC).clean("e\u0301ﬁ，")).isEqualTo("éfi,");
    }

    @Test
    void controlsGoAndLineEndsBecomeOne() {
        assertThat(Cleaners.removeControls().clean("\uFEFFa\u0000b\r\nc\rd\te\u0085\u007F\u001Bf\n"))
                .isEqualTo("ab\nc\nd\tef\n");
        // Joiners and variation selectors of emoji are format characters, not controls.
        assertThat(Cleaners.removeControls().clean("👩\u200D🚀\uFE0F")).isEqualTo("👩\u200D🚀\uFE0F");
    }

    @Test
    void whiteSpaceIsTidiedAtLineEndsOnly() {
        Cleaner tidy = Cleaners.tidyWhitespace();
        assertThat(tidy.clean("\n \n  a  b \u3000\n\n\n\n\tc\n \nd\n\n")).isEqualTo("  a  b\n\n\tc\n\nd");
        assertThat(tidy.clean(" \n\t")).isEmpty();
        assertThat(tidy.clean("a\nb")).isEqualTo("a\nb");
    }

    @Test
    void lengthCountsCodePoints() {
        Cleaner length = Cleaners.length(2, 3);
        assertThat(length.clean("😀")).isNull();
        assertThat(length.clean("😀😀😀")).isEqualTo("😀😀😀");
        assertThat(length.clean("abcd")).isNull();
        assertThatThrownBy(() -> new CleaningOptions(CleaningOptions.Normalization.NFC, true, true, 5, 4))
                .hasMessageContaining("[5, 4]");
    }

    @Test
    void stepsComposeAndAreCounted() {
        assertThat(Cleaners.tidyWhitespace().then(Cleaners.length(2, 9)).clean(" a "))
                .isEqualTo(" a");
        assertThat(Cleaners.length(2, 9).then(Cleaners.tidyWhitespace()).clean("a"))
                .isNull();

        CleaningSteps steps =
                new CleaningSteps(new CleaningOptions(CleaningOptions.Normalization.NFKC, true, true, 2, 5).steps());
        CleaningSteps.Tally tally = steps.new Tally();
        for (String text : new String[] {"fine", "ａｂ\u0000", "a ", "too long", "ok\n"}) {
            tally.add(steps.apply(text));
        }
        assertThat(tally.counts())
                .containsExactly(
                        new StepCount("nfkc", 1, 0),
                        new StepCount("remove_controls", 1, 0),
                        new StepCount("tidy_whitespace", 2, 0),
                        new StepCount("length", 0, 2));
    }
}
