package dev.mynah.train.recipe;

import dev.mynah.data.JsonRecords;
import dev.mynah.files.DurableFiles;
import dev.mynah.files.config.ConfigInputs.Named;
import dev.mynah.text.BpeTrainer;
import dev.mynah.text.Pretokenizer;
import dev.mynah.text.TokenizerConfig;
import dev.mynah.text.chat.MynahChat;
import dev.mynah.train.Datasets;
import dev.mynah.train.config.PoetConfig;
import dev.mynah.train.loop.Inputs;
import dev.mynah.train.poet.Demonstration;
import dev.mynah.train.poet.Demonstrations;
import dev.mynah.train.poet.PoemCorpus;
import dev.mynah.train.poet.PoemDocuments;
import dev.mynah.train.poet.PoetFiles;
import dev.mynah.train.run.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the poet's stages learn from, made once.
 *
 * @param folder of the files
 */
record PoetData(Path folder) {

    private static final String END_OF_DOCUMENT = "<|endoftext|>";

    Path corpus() {
        return folder.resolve("corpus.jsonl");
    }

    Path tokenizer() {
        return folder.resolve("tokenizer");
    }

    Path demonstrations() {
        return folder.resolve("demonstrations.jsonl");
    }

    /** Demonstrations in which a model's own answers stand, of a round behind the first. */
    Path ownAnswers(int round) {
        return folder.resolve("demonstrations-" + round + ".jsonl");
    }

    /** What answers are sampled to for the rankings. */
    Path rankingPrompts() {
        return folder.resolve("ranking-prompts.jsonl");
    }

    Path rankings() {
        return folder.resolve("rankings.jsonl");
    }

    Path prompts() {
        return folder.resolve("prompts.jsonl");
    }

    /**
     * Makes all but the rankings, which take a model that answers; what is there stays. The tokenizer comes last.
     *
     * @throws IllegalArgumentException if what is there was made by another configuration or from other poems
     */
    void make(PoetConfig config, List<Path> poems, PoemCorpus corpus, Datasets datasets) throws IOException {
        List<Named> read =
                poems.stream().map(file -> new Named("poems", file.toString())).toList();
        Provenance now = Inputs.provenance("data", config, read, datasets);
        Path provenance = folder.resolve(Provenance.FILE);
        if (Files.exists(tokenizer().resolve("tokenizer.json"))) {
            if (!Files.exists(provenance)) {
                throw StageChain.madeByOlder(folder);
            }
            Provenance before = Provenance.read(provenance);
            if (!before.config().equals(now.config())) {
                throw StageChain.madeOtherwise(folder, "by another data.yaml");
            }
            if (!before.changedKeys(now).isEmpty()) {
                throw StageChain.madeOtherwise(folder, "from other poems");
            }
            return;
        }
        Files.createDirectories(folder);
        now.write(provenance);
        List<String> documents = documents(poems, new PoemDocuments(new SplittableRandom(config.seed())));
        StringBuilder lines = new StringBuilder();
        for (String document : documents) {
            lines.append(JsonMapper.shared().writeValueAsString(Map.of("text", document)))
                    .append('\n');
        }
        DurableFiles.write(corpus(), lines.toString());
        Demonstrations source = new Demonstrations(corpus);
        List<Demonstration> demonstrations = source.training(config.demonstrations(), config.seed());
        PoetFiles.write(demonstrations(), demonstrations);
        PoetFiles.write(rankingPrompts(), source.training(config.rankings(), config.seed() + 1));
        PoetFiles.write(prompts(), source.training(config.prompts(), config.seed() + 2));
        Stream<String> spoken =
                demonstrations.stream().flatMap(d -> d.messages().stream()).map(Demonstration.Message::content);
        List<String> specials = new ArrayList<>(List.of(END_OF_DOCUMENT));
        specials.addAll(MynahChat.SPECIAL_TOKENS);
        int threads = Runtime.getRuntime().availableProcessors();
        new BpeTrainer(Pretokenizer.named("cl100k"), config.vocabSize(), specials, 2, threads, true)
                .train(Stream.concat(documents.stream(), spoken))
                .withConfig(new TokenizerConfig(END_OF_DOCUMENT, END_OF_DOCUMENT, 0, null))
                .beginningWith(END_OF_DOCUMENT)
                .save(Files.createDirectories(tokenizer()));
    }

    private static List<String> documents(List<Path> files, PoemDocuments poems) throws IOException {
        List<String> documents = new ArrayList<>();
        for (Path file : files) {
            JsonRecords.readLines(
                    file,
                    poem -> documents.add(poems.document(
                            poem.path("title").asString(""),
                            poem.path("author").asString(""),
                            poem.path("text").asString(""))));
        }
        return documents;
    }
}
