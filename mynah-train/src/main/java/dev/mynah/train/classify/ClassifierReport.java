package dev.mynah.train.classify;

import dev.mynah.text.classify.TextClassifier;
import dev.mynah.train.eval.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How good a classifier is on texts that it has not seen. Intervals are Wilson's, of 95%.
 *
 * @param texts          that were looked at
 * @param recall         of texts with a label, those that are said to have any; null where there is none
 * @param falsePositives of texts without a label, those that are said to have one
 * @param labels         one by one
 * @param sources        by where the texts come from
 */
public record ClassifierReport(
        int texts,
        @Nullable Share recall,
        @Nullable Share falsePositives,
        List<LabelFigures> labels,
        SequencedMap<String, SourceFigures> sources) {

    /** So many of so many. */
    public record Share(int successes, int of, double value, double low, double high) {
        static @Nullable Share of(long successes, long trials) {
            if (trials == 0) {
                return null;
            }
            Metric metric = Metric.share("", (int) successes, (int) trials);
            return new Share((int) successes, (int) trials, metric.value(), metric.low(), metric.high());
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%.1f%% (%.1f to %.1f; %d of %d)", 100 * value, 100 * low, 100 * high, successes, of);
        }
    }

    /** @param brier the mean squared error of its probabilities */
    public record LabelFigures(
            String name,
            double threshold,
            @Nullable Share precision,
            @Nullable Share recall,
            double brier) {}

    /** A source's texts, with a label and without. */
    public record SourceFigures(
            @Nullable Share recall, @Nullable Share falsePositives) {}

    static ClassifierReport of(List<Scored> test, TextClassifier classifier) {
        List<TextClassifier.Label> labels = classifier.labels();
        List<LabelFigures> figures = new ArrayList<>();
        for (int label = 0; label < labels.size(); label++) {
            figures.add(figures(test, labels.get(label), label));
        }
        SequencedMap<String, List<Scored>> bySource = new TreeMap<>();
        test.forEach(scored -> bySource.computeIfAbsent(scored.text().source(), source -> new ArrayList<>())
                .add(scored));
        SequencedMap<String, SourceFigures> sources = new TreeMap<>();
        bySource.forEach((source, some) -> sources.put(
                source, new SourceFigures(flagged(some, classifier, false), flagged(some, classifier, true))));
        return new ClassifierReport(
                test.size(), flagged(test, classifier, false), flagged(test, classifier, true), figures, sources);
    }

    private static @Nullable Share flagged(List<Scored> test, TextClassifier classifier, boolean harmless) {
        List<Scored> some =
                test.stream().filter(scored -> scored.isHarmless() == harmless).toList();
        return Share.of(
                some.stream()
                        .filter(scored -> classifier.fits(scored.probabilities()))
                        .count(),
                some.size());
    }

    private static LabelFigures figures(List<Scored> test, TextClassifier.Label label, int index) {
        Predicate<Scored> fits = scored -> scored.text().labels().contains(label.name());
        Predicate<Scored> said = scored -> scored.probabilities()[index] >= label.threshold();
        long both = test.stream().filter(fits.and(said)).count();
        double brier = test.stream()
                .mapToDouble(scored -> Math.pow(scored.probabilities()[index] - (fits.test(scored) ? 1 : 0), 2))
                .average()
                .orElse(0);
        return new LabelFigures(
                label.name(),
                label.threshold(),
                Share.of(both, test.stream().filter(said).count()),
                Share.of(both, test.stream().filter(fits).count()),
                brier);
    }
}
