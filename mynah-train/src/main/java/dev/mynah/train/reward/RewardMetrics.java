package dev.mynah.train.reward;

import dev.mynah.train.run.StepLine;

/** What an evaluation of a reward model gave; see {@link PairStatistics}. */
record RewardMetrics(
        int step,
        double valLoss,
        int valPairs,
        double pairAccuracy,
        double pairAccuracyLow,
        double pairAccuracyHigh,
        double calibrationError,
        double lengthCorrelation,
        double longerPreferred)
        implements StepLine {

    static RewardMetrics of(int step, PairStatistics pairs) {
        return new RewardMetrics(
                step,
                pairs.loss(),
                pairs.pairs(),
                pairs.accuracy(),
                pairs.low(),
                pairs.high(),
                pairs.calibrationError(),
                pairs.lengthCorrelation(),
                pairs.longerPreferred());
    }

    String sentence() {
        return "Step %d: held-out pair accuracy %.3f (95%%: %.3f to %.3f, %d pairs), loss %.4f, calibration error %.3f, length correlation %.2f"
                .formatted(
                        step,
                        pairAccuracy,
                        pairAccuracyLow,
                        pairAccuracyHigh,
                        valPairs,
                        valLoss,
                        calibrationError,
                        lengthCorrelation);
    }
}
