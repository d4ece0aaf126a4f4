package dev.mynah.train.moderation;

import dev.mynah.data.LabelledText;
import dev.mynah.files.DurableFiles;
import dev.mynah.files.config.Config;
import dev.mynah.text.classify.TextClassifier;
import dev.mynah.train.RunOptions;
import dev.mynah.train.classify.ClassifierStage;
import dev.mynah.train.config.ClassifierConfig;
import dev.mynah.train.poet.Demonstration;
import dev.mynah.train.poet.Demonstrations;
import dev.mynah.train.poet.PoemCorpus;
import dev.mynah.train.poet.RhymeTable;
import dev.mynah.train.run.Monitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code mynah recipe moderation}: from public data to the classifier that the service's moderation asks. */
public final class ModerationRecipe {
    /** The labelled texts, in the recipe's folder, with the part that each belongs to. */
    private static final String EXAMPLES = "examples.jsonl";

    private static final int POET_REQUESTS = 500;

    private ModerationRecipe() {}

    /**
     * Gathers the texts, trains and reports.
     *
     * @param poems     what the poet's prompts are made of
     * @param overrides of {@link ClassifierConfig}
     */
    public static void run(List<Path> poems, List<String> overrides, RunOptions options, Monitor monitor)
            throws IOException {
        Demonstrations poet = new Demonstrations(PoemCorpus.read(poems, RhymeTable.load()));
        Path examples = options.out().resolve(EXAMPLES);
        List<String> all = new ArrayList<>(overrides);
        all.add("data.paths=[\"" + examples.toString().replace("\\", "\\\\") + "\"]");
        ClassifierConfig config = Config.defaults(ClassifierConfig.class, all);

        Files.createDirectories(options.out());
        monitor.notice("Gathering texts");
        write(ModerationExamples.gather(options.datasets(), poet), config, examples);
        TextClassifier classifier = ClassifierStage.run(config, options, monitor);
        long flagged = poet.heldOut(Demonstration.Kind.HARM, POET_REQUESTS, 1).stream()
                .map(demonstration -> demonstration.messages().getFirst().content())
                .filter(text -> classifier.fits(classifier.highestProbabilities(text)))
                .count();
        monitor.notice("Of " + POET_REQUESTS + " requests that the poet is to refuse: " + flagged);
    }

    private static void write(List<LabelledText> texts, ClassifierConfig config, Path file) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (LabelledText text : texts) {
            ObjectNode line = JsonMapper.shared().createObjectNode().put("text", text.text());
            ArrayNode labels = line.putArray("labels");
            text.labels().forEach(labels::add);
            line.put("source", text.source())
                    .put("group", text.group())
                    .put("split", ClassifierStage.split(text, config.data()).key());
            lines.append(line).append('\n');
        }
        DurableFiles.write(file, lines.toString());
    }
}
