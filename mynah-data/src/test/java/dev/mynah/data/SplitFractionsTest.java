package dev.mynah.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitFractionsTest {

    private static Split split(SplitFractions fractions, String text, long seed) {
        return fractions.of(TextHash.of(TextHash.fold(text)), seed);
    }

    /** These must never change: a changed split leaks validation texts into training. */
    @Test
    void splitsAreStableForever() {
        String buckets = IntStream.range(0, 40)
                .mapToObj(i ->
                        split(SplitFractions.CLASSIC, "document " + i, 1).name().substring(0, 2))
                .reduce("", String::concat);
        assertThat(buckets)
                .isEqualTo("TRTRVATRTRTRVATETRTRTRVAVATETETRTETRTRTRTRTRTRTRTRTRVATRVATRTRTRVATRTRTRVATRVATR");
        assertThat(TextHash.of("document 1")).isEqualTo(new TextHash(0xcaa0c419ed4b5d76L, 0x28d1ce29a28ca678L));
    }

    @Test
    void fractionsHoldAndTheSeedMatters() {
        for (SplitFractions fractions : new SplitFractions[] {SplitFractions.CLASSIC, SplitFractions.PRETRAINING}) {
            Map<Split, Integer> counts = new EnumMap<>(Split.class);
            int moved = 0;
            for (int i = 0; i < 50_000; i++) {
                Split split = split(fractions, "text " + i, 1);
                counts.merge(split, 1, Integer::sum);
                moved += split == split(fractions, "text " + i, 2) ? 0 : 1;
            }
            // Four standard deviations of a binomial of 50,000 at 0.4 are 438.
            assertThat(counts.get(Split.TRAIN))
                    .isBetween((int) (50_000 * fractions.train()) - 438, (int) (50_000 * fractions.train()) + 438);
            assertThat(counts.get(Split.VALIDATION))
                    .isBetween(
                            (int) (50_000 * fractions.validation()) - 358,
                            (int) (50_000 * fractions.validation()) + 358);
            assertThat(moved).isGreaterThan((int) (50_000 * fractions.validation()));
        }
    }

    @Test
    void textsThatDifferInCaseAndSpaceFallTogether() {
        for (int i = 0; i < 100; i++) {
            assertThat(split(SplitFractions.CLASSIC, " Some\n TEXT " + i, 1))
                    .isEqualTo(split(SplitFractions.CLASSIC, "some text " + i, 1));
        }
    }

    @Test
    void percentagesAreRead() {
        assertThat(SplitFractions.parse("60/20/20")).isEqualTo(SplitFractions.CLASSIC);
        assertThat(SplitFractions.parse("98/1/1")).isEqualTo(SplitFractions.PRETRAINING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "60/20", "60/20/20/0", "a/b/c", "90/20/20", "110/-5/-5", "NaN/50/50"})
    void badPercentagesAreRefused(String text) {
        assertThatThrownBy(() -> SplitFractions.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("split ");
    }
}
