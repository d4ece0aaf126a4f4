package dev.mynah.train.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.files.config.Config;
import dev.mynah.tensor.Device;
import dev.mynah.text.classify.TextClassifier;
import dev.mynah.text.classify.TextFeatures;
import dev.mynah.train.Datasets;
import dev.mynah.train.RunOptions;
import dev.mynah.train.classify.LogisticRegression.Example;
import dev.mynah.train.config.ClassifierConfig;
import dev.mynah.train.run.SilentMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ClassifierStageTest {
    private static final List<String> BIRDS = List.of("heron", "mynah", "swallow", "crane", "oriole");
    private static final List<String> BOATS = List.of("barge", "ferry", "raft", "galleon", "canoe");

    @TempDir
    private Path folder;

    /** Texts about birds, boats, both and neither, each in words that occur with all. */
    private Path examples(int count) throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            boolean bird = random.nextInt(4) == 0;
            boolean boat = random.nextInt(4) == 0;
            List<String> words = new ArrayList<>(List.of("number " + i, "over", "the", "quiet", "river"));
            if (bird) {
                words.add(random.nextInt(words.size()), BIRDS.get(random.nextInt(BIRDS.size())));
            }
            if (boat) {
                words.add(random.nextInt(words.size()), BOATS.get(random.nextInt(BOATS.size())));
            }
            String labels = (bird ? "\"bird\"" : "") + (bird && boat ? "," : "") + (boat ? "\"boat\"" : "");
            lines.append("{\"text\": \"" + String.join(" ", words) + "\", \"labels\": [" + labels + "], \"source\": \""
                    + (i % 2 == 0 ? "even" : "odd") + "\"}\n");
        }
        return Files.writeString(folder.resolve("examples.jsonl"), lines);
    }

    private TextClassifier train(Path examples, String... overrides) throws IOException {
        List<String> all = new ArrayList<>(List.of(overrides));
        all.add("data.paths=[\"" + examples + "\"]");
        ClassifierConfig config = Config.defaults(ClassifierConfig.class, all);
        Datasets datasets = new Datasets(folder.resolve("none.yaml"), null);
        return ClassifierStage.run(
                config, new RunOptions(folder.resolve("run"), true, Device.CPU, datasets), new SilentMonitor());
    }

    @Test
    void labelsAreLearnedAndReportedOnTextsThatNothingHasSeen() throws IOException {
        TextClassifier classifier = train(examples(2_000), "bits=14");
        assertThat(classifier.labels()).extracting(TextClassifier.Label::name).containsExactly("bird", "boat");
        double[] both = classifier.probabilities("a crane on the barge");
        assertThat(both[0]).isGreaterThan(0.8);
        assertThat(both[1]).isGreaterThan(0.8);
        assertThat(classifier.probabilities("over the quiet river"))
                .satisfies(p -> assertThat(p[0]).isLessThan(0.1));

        byte[] file = Files.readAllBytes(folder.resolve("run/" + ClassifierStage.FILE));
        assertThat(TextClassifier.read(file, "it").probabilities("the mynah"))
                .isEqualTo(classifier.probabilities("the mynah"));
        JsonNode report = JsonMapper.shared().readTree(folder.resolve("run/report.json"));
        assertThat(report.at("/recall/value").doubleValue()).isGreaterThan(0.95);
        assertThat(report.at("/false_positives/value").doubleValue()).isLessThan(0.02);
        assertThat(report.at("/labels/0/precision/value").doubleValue()).isGreaterThan(0.95);
        assertThat(report.at("/sources/odd/false_positives/of").intValue()
                        + report.at("/sources/even/false_positives/of").intValue())
                .isEqualTo(report.at("/false_positives/of").intValue());

        // The same data and seed give the same bytes.
        train(folder.resolve("examples.jsonl"), "bits=14");
        assertThat(Files.readAllBytes(folder.resolve("run/" + ClassifierStage.FILE)))
                .isEqualTo(file);
    }

    @Test
    void probabilitiesAreWhatTheDataSay() {
        // The same text fits in three of ten times.
        int[] buckets = TextFeatures.of("perhaps", 10);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            examples.add(new Example(buckets, new boolean[] {i % 10 < 3}));
        }
        LogisticRegression regression = new LogisticRegression(1, 10, 0.1, 0);
        SplittableRandom random = new SplittableRandom(1);
        for (int pass = 0; pass < 20; pass++) {
            regression.pass(examples, random);
        }
        TextClassifier classifier = TextClassifier.quantized(List.of("it"), regression.weights(), regression.biases());
        assertThat(classifier.probabilities("perhaps")[0]).isCloseTo(0.3, within(0.03));
    }

    @Test
    void dataThatCannotTeachAreRefusedInASentence() throws IOException {
        Path none = Files.writeString(folder.resolve("none.jsonl"), "{\"text\": \"a\", \"labels\": []}\n");
        assertThatThrownBy(() -> train(none)).hasMessageContaining("no text of the data has a label");
        Path few = Files.writeString(
                folder.resolve("few.jsonl"), "{\"text\": \"a\", \"labels\": [\"x\"]}\n{\"text\": 1}\n");
        assertThatThrownBy(() -> train(few)).hasMessageContaining("must have texts with labels and texts without");
        assertThatThrownBy(() -> train(few, "data.strict=true")).hasMessageContaining("few.jsonl:2");
    }
}
