package dev.mynah.train.eval;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * A measured number with the interval that holds the true one in 95 of 100 repetitions.
 *
 * @param interval how the interval was made: {@code wilson} or {@code bootstrap}
 */
public record Metric(String name, double value, double low, double high, String interval) {
    /** Of the normal distribution, for 95%. */
    private static final double Z = 1.959963984540054;

    private static final int RESAMPLES = 1000;
    private static final double TAIL = 0.025;

    /** A share of successes, with the score interval of Wilson (1927). */
    public static Metric share(String name, int successes, int trials) {
        if (trials < 1 || successes < 0 || successes > trials) {
            throw new IllegalArgumentException("no share: " + successes + " of " + trials);
        }
        double n = trials;
        double p = successes / n;
        double centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n);
        double half = Z / (1 + Z * Z / n) * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
        return new Metric(name, p, Math.max(0, centre - half), Math.min(1, centre + half), "wilson");
    }

    /**
     * A statistic of independent observations, with the percentile bootstrap (Efron 1979): it is computed of as many observations, drawn with replacement, again and again.
     *
     * @param statistic of indices into the observations
     */
    public static Metric bootstrap(String name, int observations, ToDoubleFunction<int[]> statistic, long seed) {
        int[] all = new int[observations];
        Arrays.setAll(all, i -> i);
        Random random = new Random(seed);
        double[] values = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            values[i] = statistic.applyAsDouble(
                    random.ints(observations, 0, observations).toArray());
        }
        Arrays.sort(values);
        int low = (int) (TAIL * RESAMPLES);
        return new Metric(name, statistic.applyAsDouble(all), values[low], values[RESAMPLES - 1 - low], "bootstrap");
    }

    /** The mean of independent numbers. */
    public static Metric mean(String name, double[] numbers, long seed) {
        return bootstrap(
                name,
                numbers.length,
                indices -> Arrays.stream(indices)
                        .mapToDouble(i -> numbers[i])
                        .average()
                        .orElseThrow(),
                seed);
    }
}
