package dev.mynah.train.classify;

import dev.mynah.data.LabelledText;
import dev.mynah.text.classify.TextClassifier;
import java.util.List;

/** A text, and what a classifier says of it. */
final class Scored {
    private final LabelledText text;
    private final double[] probabilities;

    private Scored(LabelledText text, TextClassifier classifier) {
        this.text = text;
        probabilities = classifier.highestProbabilities(text.text());
    }

    static List<Scored> all(List<LabelledText> texts, TextClassifier classifier) {
        return texts.stream().map(text -> new Scored(text, classifier)).toList();
    }

    LabelledText text() {
        return text;
    }

    /** {@code [label]}, the highest over the passages of the text. */
    double[] probabilities() {
        return probabilities;
    }

    boolean isHarmless() {
        return text.labels().isEmpty();
    }
}
