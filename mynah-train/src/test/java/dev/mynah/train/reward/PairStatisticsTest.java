package dev.mynah.train.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PairStatisticsTest {

    /** 8 of 10 right: the interval is statsmodels' {@code proportion_confint(8, 10, method="wilson")}. */
    @Test
    void accuracyHasWilsonsInterval() {
        double[] margins = {1, 1, 1, 1, 1, 1, 1, 1, -1, -1};
        PairStatistics statistics = PairStatistics.of(margins, new double[10]);
        assertThat(statistics.accuracy()).isEqualTo(0.8);
        assertThat(statistics.low()).isCloseTo(0.490162, within(1e-6));
        assertThat(statistics.high()).isCloseTo(0.943318, within(1e-6));
        // log(1 + e^-1) eight times, log(1 + e) twice.
        assertThat(statistics.loss()).isCloseTo((8 * 0.313262 + 2 * 1.313262) / 10, within(1e-6));
    }

    @Test
    void calibrationIsTheDistanceOfConfidenceFromAccuracy() {
        // sigmoid(1) = 0.7311 with half of it right, sigmoid(3) = 0.9526 with all of it right.
        PairStatistics statistics = PairStatistics.of(new double[] {1, -1, 3, 3}, new double[4]);
        assertThat(statistics.bins()).extracting(PairStatistics.Bin::pairs).containsExactly(2, 2);
        assertThat(statistics.calibrationError())
                .isCloseTo((2 * (0.7310586 - 0.5) + 2 * (1 - 0.9525741)) / 4, within(1e-6));
    }

    @Test
    void payingForLengthShows() {
        double[] margins = {2, -1, 3};
        PairStatistics paid = PairStatistics.of(margins, new double[] {20, -10, 30});
        assertThat(paid.lengthCorrelation()).isCloseTo(1, within(1e-12));
        assertThat(paid.longerPreferred()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(PairStatistics.of(margins, new double[3]).lengthCorrelation())
                .isZero();
        assertThat(PairStatistics.of(new double[] {0, 0}, new double[2]).accuracy())
                .isEqualTo(0.5);
    }
}
