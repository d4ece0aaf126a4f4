package dev.mynah.train.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChartPartsTest {
    @Test
    void ticksStandAtRoundNumbers() {
        assertThat(Axis.over(0, 2000, 5).ticks()).containsExactly(0.0, 500.0, 1000.0, 1500.0, 2000.0);
        assertThat(Axis.over(2.7, 9.3, 4).widened().ticks()).containsExactly(2.0, 4.0, 6.0, 8.0, 10.0);
        assertThat(Axis.over(5, 5, 4).ticks()).hasSizeBetween(3, 6);
        assertThat(Axis.over(0, 0, 4).ticks()).isNotEmpty();
        assertThat(Axis.over(1e-4, 1e-3, 4).widened().ticks()).hasSizeBetween(3, 6);
        assertThat(Axis.over(0, 8, 4).share(2)).isEqualTo(0.25);
    }

    @Test
    void thinningKeepsExtremesAndEnds() {
        double[] values = IntStream.range(0, 10_000)
                .mapToDouble(i -> i == 4321 ? 99 : Math.sin(i))
                .toArray();
        Series thin = new Series(IntStream.range(0, 10_000).toArray(), values).thinned(100);
        assertThat(thin.steps()).hasSizeLessThanOrEqualTo(100).isSorted().contains(0, 4321, 9999);
        assertThat(thin.values()).contains(99);
    }

    @Test
    void smoothingDoesNotDelayAStraightFall() {
        Series fall = new Series(new int[] {1, 2, 3, 4, 5}, new double[] {10, 8, 6, 4, 2}).smoothed(2);
        assertThat(fall.values()).containsExactly(10, 8, 6, 5, 4);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "13765248,13.8M", "999.6,1k", "3180,3.18k", "0.5,0.5", "4.2e11,420G", "-1500,-1.5k", "7,7"})
    void numbersAreShortened(double value, String text) {
        assertThat(Numbers.shortened(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0.001,0.001",
        "0.0001,1e-4",
        "123.456,123",
        "2.9481,2.95",
        "1500,1500",
        "2.5e7,2.5e7",
        "0.0465,0.0465",
        "100,100"
    })
    void numbersKeepThreeDigits(double value, String text) {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(Numbers.plain(value)).isEqualTo(text);
        } finally {
            Locale.setDefault(before);
        }
    }
}
