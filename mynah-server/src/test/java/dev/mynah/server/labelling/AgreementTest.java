package dev.mynah.server.labelling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.server.labelling.Agreement.Scale;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Against examples that were published with their results. */
class AgreementTest {
    /** Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C: four observers, 12 units, 0 where one did not look. */
    private static final int[][] KRIPPENDORFF = {
        {1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0},
        {1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3},
        {0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0},
        {1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0},
    };

    private static double alpha(Scale scale) {
        List<List<Integer>> units = IntStream.range(0, KRIPPENDORFF[0].length)
                .mapToObj(unit -> IntStream.range(0, KRIPPENDORFF.length)
                        .map(observer -> KRIPPENDORFF[observer][unit])
                        .filter(value -> value > 0)
                        .boxed()
                        .toList())
                .toList();
        return Agreement.krippendorffsAlpha(units, scale).orElseThrow();
    }

    @Test
    void krippendorffsAlphaIsThatOfHisExample() {
        assertThat(alpha(Scale.NOMINAL)).isCloseTo(0.743, within(0.0005));
        assertThat(alpha(Scale.ORDINAL)).isCloseTo(0.815, within(0.0005));
        assertThat(alpha(Scale.INTERVAL)).isCloseTo(0.849, within(0.0005));
    }

    /** Fleiss 1971, table 1 as reworked in textbooks: 14 raters, 10 subjects, 5 categories; kappa 0.210. */
    @Test
    void fleissKappaIsThatOfThePublishedExample() {
        int[][] counts = {
            {0, 0, 0, 0, 14},
            {0, 2, 6, 4, 2},
            {0, 0, 3, 5, 6},
            {0, 3, 9, 2, 0},
            {2, 2, 8, 1, 1},
            {7, 7, 0, 0, 0},
            {3, 2, 6, 3, 0},
            {2, 5, 3, 2, 2},
            {6, 5, 2, 1, 0},
            {0, 2, 2, 3, 7},
        };
        assertThat(Agreement.fleissKappa(counts).orElseThrow()).isCloseTo(0.210, within(0.0005));
    }

    /** Two readers of 50 grant proposals: 20 times both yes, 15 both no, 5 and 10 apart; kappa 0.4. */
    @Test
    void cohensKappaIsThatOfThePublishedExample() {
        List<int[]> ratings = new ArrayList<>();
        ratings.addAll(Collections.nCopies(20, new int[] {1, 1}));
        ratings.addAll(Collections.nCopies(5, new int[] {1, 0}));
        ratings.addAll(Collections.nCopies(10, new int[] {0, 1}));
        ratings.addAll(Collections.nCopies(15, new int[] {0, 0}));
        assertThat(Agreement.cohensKappa(ratings).orElseThrow()).isCloseTo(0.4, within(1e-9));
    }

    @Test
    void whereNobodyCouldDisagreeThereIsNoFigure() {
        assertThat(Agreement.cohensKappa(List.of())).isEmpty();
        assertThat(Agreement.cohensKappa(List.of(new int[] {1, 1}))).isEmpty();
        assertThat(Agreement.fleissKappa(new int[0][])).isEmpty();
        assertThat(Agreement.krippendorffsAlpha(List.of(List.of(1), List.of(2)), Scale.NOMINAL))
                .isEmpty();
        assertThat(Agreement.krippendorffsAlpha(List.of(List.of(1, 1)), Scale.ORDINAL))
                .isEmpty();
    }
}
