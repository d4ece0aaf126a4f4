package dev.mynah.server.moderation;

import dev.mynah.text.classify.TextClassifier;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** What the classifier is asked about in one direction. */
final class Learned {
    private static final double NEVER = Double.POSITIVE_INFINITY;

    private final TextClassifier classifier;
    private final Folding folding;
    private final List<Category> categories;
    private final double[] thresholds;
    private final boolean holds;

    /**
     * @param actions what is done about the categories that it knows
     * @param thresholds from which probability
     */
    Learned(
            TextClassifier classifier,
            Folding folding,
            Map<Category, Action> actions,
            ToDoubleFunction<Category> thresholds) {
        this.classifier = classifier;
        this.folding = folding;
        categories = categories(classifier);
        this.thresholds = categories.stream()
                .mapToDouble(category -> actions.getOrDefault(category, Action.ALLOW) == Action.ALLOW
                        ? NEVER
                        : thresholds.applyAsDouble(category))
                .toArray();
        holds = actions.values().stream().anyMatch(action -> action.compareTo(Action.MASK) >= 0);
    }

    /**
     * The categories that a classifier knows, in the order of its labels.
     *
     * @throws IllegalArgumentException if a label is none
     */
    static List<Category> categories(TextClassifier classifier) {
        return classifier.labels().stream()
                .map(label -> Category.of(label.name()))
                .toList();
    }

    /** Whether a sentence must be known before any of it is shown. */
    boolean holds() {
        return holds;
    }

    /** Says of a passage's last sentence what the passage is about. */
    void check(CharSequence passage, int start, int end, Consumer<Finding> sink) {
        double[] probabilities = classifier.probabilities(folding.simplified(passage));
        for (int label = 0; label < thresholds.length; label++) {
            if (probabilities[label] >= thresholds[label]) {
                sink.accept(new Finding(categories.get(label), start, end, probabilities[label]));
            }
        }
    }
}
