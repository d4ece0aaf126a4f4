package dev.mynah.train.moderation;

import dev.mynah.data.JsonRecords;
import dev.mynah.data.LabelledText;
import dev.mynah.data.SourceFiles;
import dev.mynah.data.SourceSpec;
import dev.mynah.train.Datasets;
import dev.mynah.train.poet.Demonstration;
import dev.mynah.train.poet.Demonstrations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/**
 * Gathers what the classifier of moderation learns from: questions that people asked to make a model say harmful things, with labels; questions and answers of every day; poems and novels, in which
 * there are swords, wars and wine; what people ask the poet; and prompts written for it.
 */
final class ModerationExamples {
    private static final String RED_TEAM = "harmless-base";
    private static final int EVERY_POEM = 40;
    private static final int EXCERPT = 400;
    private static final int EXCERPTS = 4;
    private static final int POET_PROMPTS = 3_000;

    private final Datasets datasets;
    private final RedTeamLabels labels = new RedTeamLabels();
    private final List<LabelledText> texts = new ArrayList<>();

    private ModerationExamples(Datasets datasets) {
        this.datasets = datasets;
    }

    /**
     * All of them, in an order that does not change.
     *
     * @throws IllegalArgumentException if a data set is not at hand
     */
    static List<LabelledText> gather(Datasets datasets, Demonstrations poet) throws IOException {
        ModerationExamples examples = new ModerationExamples(datasets);
        examples.each("preferences", examples::conversation);
        examples.each("instructions", examples::conversation);
        examples.each("chinese-poems", examples::poem);
        for (String books : List.of("chinese-novels", "english-classics", "english-stories")) {
            examples.each(books, (record, file) -> examples.excerpts(record, books));
        }
        examples.poet(poet);
        examples.texts.addAll(WrittenPrompts.all());
        return examples.texts;
    }

    private void each(String dataset, BiConsumer<JsonNode, String> consumer) throws IOException {
        for (SourceSpec source : datasets.resolve("dataset:" + dataset)) {
            for (Path file : SourceFiles.named(source.path())) {
                String name = file.getFileName().toString().replaceFirst("\\..*", "");
                JsonRecords.readLines(file, record -> consumer.accept(record, name));
            }
        }
    }

    private void conversation(JsonNode record, String file) {
        String question = record.at("/messages/0/content").asString("");
        Optional<List<String>> known = labels.of(question);
        if (known.isPresent()) {
            add(question, known.get(), "red-team");
        } else if (!labels.knows(question)) {
            add(question, List.of(), file);
        }
        // What people preferred of answers to harmful questions is not always harmless.
        if (!file.equals(RED_TEAM)) {
            add(record.at("/messages/1/content").asString(""), List.of(), file + "-answers");
        }
    }

    private int poems;

    private void poem(JsonNode record, String file) {
        if (poems++ % EVERY_POEM == 0) {
            add(record.path("text").asString(""), List.of(), "poems");
        }
    }

    private void excerpts(JsonNode record, String source) {
        String text = record.path("text").asString("");
        int apart = Math.max(EXCERPT, text.length() / EXCERPTS);
        for (int from = 0; from + EXCERPT <= text.length(); from += apart) {
            add(text.substring(from, from + EXCERPT), List.of(), source);
        }
    }

    private void poet(Demonstrations poet) {
        for (Demonstration demonstration : poet.training(POET_PROMPTS, 1)) {
            if (demonstration.kind() != Demonstration.Kind.HARM) {
                add(demonstration.messages().getFirst().content(), List.of(), "poet");
            }
        }
    }

    private void add(String text, List<String> fitting, String source) {
        if (!text.isBlank()) {
            texts.add(new LabelledText(text, new LinkedHashSet<>(fitting), source, text));
        }
    }
}
