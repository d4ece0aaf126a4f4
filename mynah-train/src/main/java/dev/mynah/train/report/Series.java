package dev.mynah.train.report;

import java.util.Arrays;
import java.util.stream.IntStream;

/** A measured quantity over steps; {@code steps} rises, and values that are no numbers are left out. */
final class Series {
    private final int[] steps;
    private final double[] values;

    Series(int[] steps, double[] values) {
        this.steps = steps;
        this.values = values;
    }

    /** Not to be written to. */
    int[] steps() {
        return steps;
    }

    /** Not to be written to. */
    double[] values() {
        return values;
    }

    boolean isEmpty() {
        return steps.length == 0;
    }

    double last() {
        return values[values.length - 1];
    }

    double smallest() {
        return Arrays.stream(values).min().orElseThrow();
    }

    double median() {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /**
     * Mean of the values around each: up to {@code reach} to each side, as many before as after, so that a falling
     * curve is not delayed; only at the end fewer after than before.
     */
    Series smoothed(int reach) {
        double[] sums = new double[values.length + 1];
        for (int i = 0; i < values.length; i++) {
            sums[i + 1] = sums[i] + values[i];
        }
        double[] smooth = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int side = Math.min(reach, i);
            int from = i - side;
            int to = Math.min(values.length, i + side + 1);
            smooth[i] = (sums[to] - sums[from]) / (to - from);
        }
        return new Series(steps, smooth);
    }

    /**
     * At most {@code limit} points that look the same drawn: the lowest and the highest of every stretch, and both
     * ends.
     */
    Series thinned(int limit) {
        int n = steps.length;
        if (n <= limit) {
            return this;
        }
        int stretches = limit / 2 - 1;
        IntStream inner = IntStream.range(0, stretches)
                .flatMap(s -> extremes((int) ((long) n * s / stretches), (int) ((long) n * (s + 1) / stretches)));
        int[] kept = IntStream.concat(IntStream.of(0, n - 1), inner)
                .sorted()
                .distinct()
                .toArray();
        return new Series(
                Arrays.stream(kept).map(i -> steps[i]).toArray(),
                Arrays.stream(kept).mapToDouble(i -> values[i]).toArray());
    }

    private IntStream extremes(int from, int to) {
        int low = from;
        int high = from;
        for (int i = from; i < to; i++) {
            low = values[i] < values[low] ? i : low;
            high = values[i] > values[high] ? i : high;
        }
        return IntStream.of(low, high);
    }
}
