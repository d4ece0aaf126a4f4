package dev.mynah.train.classify;

import dev.mynah.data.LabelledText;
import dev.mynah.data.LabelledTexts;
import dev.mynah.data.SkipLog;
import dev.mynah.data.Split;
import dev.mynah.data.SplitFractions;
import dev.mynah.files.DurableFiles;
import dev.mynah.text.classify.Passages;
import dev.mynah.text.classify.TextClassifier;
import dev.mynah.text.classify.TextFeatures;
import dev.mynah.train.RunOptions;
import dev.mynah.train.classify.LogisticRegression.Example;
import dev.mynah.train.config.ClassifierConfig;
import dev.mynah.train.run.Monitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code mynah train classifier}: from labelled texts to a classifier, in seconds. Learns from one part of the texts, chooses thresholds on another, and reports what a third says, which nothing
 * else has seen. Writes {@code classifier.bin} and {@code report.json}.
 */
public final class ClassifierStage {
    /** The file of the result, in the run's folder. */
    public static final String FILE = "classifier.bin";

    private static final String REPORT = "report.json";
    private static final long SPLIT_SEED = 1;
    // A book among questions would drown them.
    private static final int PASSAGES_OF_A_TEXT = 4;

    private ClassifierStage() {}

    /** Trains, and gives the result. */
    public static TextClassifier run(ClassifierConfig config, RunOptions options, Monitor monitor) throws IOException {
        SkipLog skips = new SkipLog(config.data().strict());
        List<LabelledText> texts =
                LabelledTexts.read(options.datasets().resolve(config.data().paths()), skips);
        if (skips.report().count() > 0) {
            monitor.notice(skips.report().count() + " records are left out, the first: "
                    + skips.report().first().getFirst());
        }
        Map<Split, List<LabelledText>> parts = parts(texts, config.data());
        List<String> labels = texts.stream()
                .flatMap(text -> text.labels().stream())
                .distinct()
                .sorted()
                .toList();
        check(parts, labels);

        TextClassifier learned = learn(part(parts, Split.TRAIN), labels, config, monitor);
        TextClassifier classifier = learned.withThresholds(Thresholds.of(
                Scored.all(part(parts, Split.VALIDATION), learned), labels.size(), config.falsePositives()));
        ClassifierReport report = ClassifierReport.of(Scored.all(part(parts, Split.TEST), classifier), classifier);

        Files.createDirectories(options.out());
        classifier.write(options.out().resolve(FILE));
        write(report, options.out().resolve(REPORT));
        tell(report, monitor);
        return classifier;
    }

    /** The part that a text belongs to. */
    public static Split split(LabelledText text, ClassifierConfig.Data data) {
        return new SplitFractions(1 - data.validation() - data.test(), data.validation(), data.test())
                .of(text.group(), SPLIT_SEED);
    }

    private static Map<Split, List<LabelledText>> parts(List<LabelledText> texts, ClassifierConfig.Data data) {
        Map<Split, List<LabelledText>> parts = new EnumMap<>(Split.class);
        Set<String> seen = new HashSet<>();
        for (LabelledText text : texts) {
            if (seen.add(text.text())) {
                parts.computeIfAbsent(split(text, data), _ -> new ArrayList<>()).add(text);
            }
        }
        return parts;
    }

    private static List<LabelledText> part(Map<Split, List<LabelledText>> parts, Split split) {
        return Objects.requireNonNullElse(parts.get(split), List.of());
    }

    private static void check(Map<Split, List<LabelledText>> parts, List<String> labels) {
        if (labels.isEmpty()) {
            throw new IllegalArgumentException("no text of the data has a label");
        }
        for (Split split : Split.values()) {
            List<LabelledText> some = part(parts, split);
            if (some.stream().noneMatch(text -> text.labels().isEmpty())
                    || some.stream().allMatch(text -> text.labels().isEmpty())) {
                throw new IllegalArgumentException("the " + split.key()
                        + " part of the data must have texts with labels and texts without; there are too few texts");
            }
        }
    }

    private static TextClassifier learn(
            List<LabelledText> texts, List<String> labels, ClassifierConfig config, Monitor monitor) {
        List<Example> examples = new ArrayList<>();
        for (LabelledText text : texts) {
            boolean[] fits = new boolean[labels.size()];
            text.labels().forEach(label -> fits[labels.indexOf(label)] = true);
            for (String passage : passages(text)) {
                int[] buckets = TextFeatures.of(passage, config.bits());
                if (buckets.length > 0) {
                    examples.add(new Example(buckets, fits));
                }
            }
        }
        LogisticRegression regression =
                new LogisticRegression(labels.size(), config.bits(), config.learningRate(), config.weightDecay());
        SplittableRandom random = new SplittableRandom(config.seed());
        for (int epoch = 0; epoch < config.epochs(); epoch++) {
            regression.pass(examples, random);
            monitor.preparing("Passes over " + examples.size() + " passages", epoch + 1, config.epochs());
        }
        return TextClassifier.quantized(labels, regression.weights(), regression.biases());
    }

    /** What is learned of a text: all of it where a label fits, since nobody said to which sentence; its first passages where none does. */
    private static List<String> passages(LabelledText text) {
        List<String> passages = Passages.of(text.text());
        if (text.labels().isEmpty()) {
            return passages.subList(0, Math.min(passages.size(), PASSAGES_OF_A_TEXT));
        }
        return passages.isEmpty() ? passages : List.of(passages.getLast());
    }

    private static void write(ClassifierReport report, Path file) throws IOException {
        DurableFiles.write(
                file,
                JsonMapper.builder()
                        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                        .build()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(report));
    }

    private static void tell(ClassifierReport report, Monitor monitor) {
        monitor.notice("Of " + report.texts() + " held-out texts: recall " + report.recall() + ", false positives "
                + report.falsePositives());
        for (ClassifierReport.LabelFigures label : report.labels()) {
            monitor.notice(label.name() + ": precision " + label.precision() + ", recall " + label.recall());
        }
        report.sources()
                .forEach((source, figures) -> monitor.notice(
                        source + ": recall " + figures.recall() + ", false positives " + figures.falsePositives()));
    }
}
