package dev.mynah.train.classify;

import java.util.List;
import java.util.stream.Collectors;

/** Chooses from which probability a label is said to fit. */
final class Thresholds {
    // A label is not said to fit where the classifier itself finds it most unlikely.
    private static final double LOWEST = 0.05;
    // Some sources are harder than others, but none should suffer for all.
    private static final int SOURCE_TIMES = 10;
    private static final int SOURCE_TEXTS = 100;

    private Thresholds() {}

    /**
     * The lowest thresholds at which of the texts without a label at most a share is said to have one, and of those of any source, where there are enough of them, at most ten times that share.
     *
     * @param share over all labels together; each has its part of it
     */
    static double[] of(List<Scored> validation, int labels, double share) {
        List<Scored> harmless = validation.stream().filter(Scored::isHarmless).toList();
        double[] thresholds = new double[labels];
        for (int label = 0; label < labels; label++) {
            thresholds[label] = Math.max(LOWEST, threshold(harmless, label, share / labels));
        }
        harmless.stream().collect(Collectors.groupingBy(text -> text.text().source())).values().stream()
                .filter(some -> some.size() >= SOURCE_TEXTS)
                .forEach(some -> raise(thresholds, some, SOURCE_TIMES * share / labels));
        return thresholds;
    }

    private static void raise(double[] thresholds, List<Scored> harmless, double share) {
        for (int label = 0; label < thresholds.length; label++) {
            thresholds[label] = Math.max(thresholds[label], threshold(harmless, label, share));
        }
    }

    private static double threshold(List<Scored> harmless, int label, double share) {
        int allowed = (int) Math.floor(share * harmless.size());
        if (allowed >= harmless.size()) {
            return 0;
        }
        double first = -harmless.stream()
                .mapToDouble(text -> -text.probabilities()[label])
                .sorted()
                .skip(allowed)
                .findFirst()
                .orElseThrow();
        return Math.min(1, Math.nextUp(first));
    }
}
