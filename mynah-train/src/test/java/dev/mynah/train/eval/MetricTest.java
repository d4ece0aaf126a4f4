package dev.mynah.train.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MetricTest {
    /** Newcombe 1998, Statistics in Medicine 17, table I, method 3: 81/263, 15/148, 0/20, 1/29. */
    @Test
    void sharesHaveWilsonsInterval() {
        requireInterval(81, 263, 0.2553, 0.3662);
        requireInterval(15, 148, 0.0624, 0.1605);
        requireInterval(0, 20, 0, 0.1611);
        requireInterval(1, 29, 0.0061, 0.1718);
    }

    private static void requireInterval(int successes, int trials, double low, double high) {
        Metric metric = Metric.share("acc", successes, trials);
        assertThat(metric.low()).isCloseTo(low, within(5e-5));
        assertThat(metric.high()).isCloseTo(high, within(5e-5));
    }

    /** The mean of many numbers is normal, with a known spread. */
    @Test
    void theBootstrapOfAMeanIsThatOfTheNormalDistribution() {
        double[] numbers = new Random(1).doubles(400).toArray();
        Metric mean = Metric.mean("mean", numbers, 7);
        double half = 1.96 * Math.sqrt(1 / 12.0 / numbers.length);
        assertThat(mean.value() - mean.low()).isCloseTo(half, within(half * 0.2));
        assertThat(mean.high() - mean.value()).isCloseTo(half, within(half * 0.2));
        assertThat(Metric.mean("mean", numbers, 7)).isEqualTo(mean);
    }

    /** Against counting all subsets of samples, and the naive estimate's bias that the paper warns of. */
    @Test
    void passAtKCountsTheSubsetsWithARightSample() {
        for (int samples = 1; samples <= 8; samples++) {
            for (int right = 0; right <= samples; right++) {
                for (int k = 1; k <= samples; k++) {
                    assertThat(PassAtK.estimate(samples, right, k))
                            .isCloseTo(counted(samples, right, k), within(1e-12));
                }
            }
        }
        assertThat(PassAtK.estimate(200, 100, 1)).isCloseTo(0.5, within(1e-12));
        assertThatThrownBy(() -> PassAtK.estimate(5, 1, 6)).hasMessageContaining("at least 6 samples");
    }

    private static double counted(int samples, int right, int k) {
        int all = 0;
        int good = 0;
        for (int set = 0; set < 1 << samples; set++) {
            if (Integer.bitCount(set) == k) {
                all++;
                good += (set & ((1 << right) - 1)) != 0 ? 1 : 0;
            }
        }
        return (double) good / all;
    }
}
