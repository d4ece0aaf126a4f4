package dev.mynah.train.config;

import dev.mynah.files.config.Default;
import dev.mynah.files.config.Doc;
import dev.mynah.files.config.Input;
import dev.mynah.files.config.Range;
import java.util.List;

/** Configuration of {@code mynah train classifier}. */
public record ClassifierConfig(
        @Doc("Seed of the order of the texts.") @Default("1") @Range(min = 0)
        long seed,

        @Doc("The labelled texts.") Data data,

        @Doc("Buckets that n-grams are hashed into, as a power of two; the file has a byte for each bucket and label.")
        @Default("16")
        @Range(min = 8, max = 22)
        int bits,

        @Doc("Passes over the texts.") @Default("10") @Range(min = 1, max = 1_000)
        int epochs,

        @Doc("Step size of AdaGrad.") @Default("0.5") @Range(above = 0, max = 100)
        double learningRate,

        @Doc("How much weights are drawn to zero, as a multiple of themselves in each step.")
        @Default("3.0e-5")
        @Range(min = 0, max = 1)
        double weightDecay,

        @Doc("The share of validation texts without a label that may be said to have one, over all labels together"
                + " (and ten times of it among those of one source); thresholds are chosen by it.")
        @Default("0.006")
        @Range(above = 0, max = 1)
        double falsePositives) {

    /** Where the texts are, and how they are divided. */
    public record Data(
            @Doc("Files of JSON Lines with \"text\", \"labels\" (a list of names) and, where wanted, \"source\" and"
                    + " \"group\": texts of a group stay together.")
            @Input
            List<String> paths,

            @Doc("Share of the groups that thresholds are chosen on.") @Default("0.2") @Range(above = 0, max = 0.5)
            double validation,

            @Doc("Share of the groups that are kept for the report.") @Default("0.2") @Range(above = 0, max = 0.5)
            double test,

            @Doc("Whether a corrupt line stops the run; otherwise it is counted, reported and left out.")
            @Default("false")
            boolean strict) {}
}
