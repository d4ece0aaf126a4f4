package dev.mynah.train.scaling;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * A law fitted to runs, with its uncertainty.
 *
 * @param law of all runs
 * @param resampled laws of as many runs drawn from them with replacement (the bootstrap, Efron 1979)
 */
public record ScalingFit(List<MeasuredRun> runs, LossLaw law, List<LossLaw> resampled) {

    private static final int FEWEST_RUNS = 6;
    private static final int FEWEST_SCALES = 3;
    private static final int SAMPLES = 400;
    private static final double TAIL = 0.05;

    /** Where nine tenths of the resampled values lie. */
    public record Interval(double low, double high) {}

    /**
     * Fits the law; the same runs give the same fit.
     *
     * @throws IllegalArgumentException for runs that cannot tell the law's five numbers apart
     */
    public static ScalingFit of(List<MeasuredRun> runs) {
        if (runs.size() < FEWEST_RUNS || !tellApart(runs)) {
            throw new IllegalArgumentException(
                    "a law of five numbers needs at least %d runs with %d numbers of parameters and %d of tokens; there are %d runs with %d and %d"
                            .formatted(
                                    FEWEST_RUNS,
                                    FEWEST_SCALES,
                                    FEWEST_SCALES,
                                    runs.size(),
                                    distinct(runs, MeasuredRun::parameters),
                                    distinct(runs, MeasuredRun::tokens)));
        }
        LossLaw law = LawFit.fit(runs);
        List<LossLaw> resampled = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(1);
        while (resampled.size() < SAMPLES) {
            List<MeasuredRun> drawn =
                    random.ints(runs.size(), 0, runs.size()).mapToObj(runs::get).toList();
            if (tellApart(drawn)) {
                resampled.add(LawFit.fit(drawn, law));
            }
        }
        return new ScalingFit(List.copyOf(runs), law, List.copyOf(resampled));
    }

    private static boolean tellApart(List<MeasuredRun> runs) {
        return distinct(runs, MeasuredRun::parameters) >= FEWEST_SCALES
                && distinct(runs, MeasuredRun::tokens) >= FEWEST_SCALES;
    }

    private static long distinct(List<MeasuredRun> runs, ToDoubleFunction<MeasuredRun> number) {
        return runs.stream().mapToDouble(number).distinct().count();
    }

    /** The uncertainty of a number of the law: from the 5th to the 95th percentile. */
    public Interval interval(ToDoubleFunction<LossLaw> number) {
        double[] sorted = resampled.stream().mapToDouble(number).sorted().toArray();
        int cut = (int) (TAIL * (sorted.length - 1));
        return new Interval(sorted[cut], sorted[sorted.length - 1 - cut]);
    }

    /** The root of the mean square of {@code log(predicted / measured)}: about the relative error of a loss. */
    public double error() {
        return Math.sqrt(runs.stream()
                .mapToDouble(run -> Math.log(law.loss(run.parameters(), run.tokens()) / run.loss()))
                .map(x -> x * x)
                .average()
                .orElse(0));
    }
}
