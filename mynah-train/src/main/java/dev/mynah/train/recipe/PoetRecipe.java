package dev.mynah.train.recipe;

import dev.mynah.files.DurableFiles;
import dev.mynah.train.Ranks;
import dev.mynah.train.RunOptions;
import dev.mynah.train.config.Config;
import dev.mynah.train.config.PoetConfig;
import dev.mynah.train.config.PpoConfig;
import dev.mynah.train.config.PretrainConfig;
import dev.mynah.train.config.RewardConfig;
import dev.mynah.train.config.SftConfig;
import dev.mynah.train.poet.Demonstrations;
import dev.mynah.train.poet.PoemChecker;
import dev.mynah.train.poet.PoemCorpus;
import dev.mynah.train.poet.RhymeTable;
import dev.mynah.train.ppo.Ppo;
import dev.mynah.train.pretrain.Pretrain;
import dev.mynah.train.reward.Reward;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.RunInfo;
import dev.mynah.train.sft.Sft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The recipe of InstructGPT (Ouyang et al. 2022) for a poet: it reads poems, learns to answer from demonstrations, learns from rankings what is better, and improves by its own answers. Each stage has a
 * folder of its own, is gone on with where it was broken off, and is not done again.
 */
public final class PoetRecipe {

    private final Path scale;
    private final List<Path> poems;
    private final RunOptions options;
    private final Ranks ranks;
    private final Monitor monitor;
    private final PoetConfig config;
    private final PoetData data;

    /** A stage of training. */
    private interface Stage<T> {
        void run(T config, RunOptions options, Ranks ranks, Monitor monitor) throws IOException;
    }

    /**
     * Makes the poet, or goes on making it.
     *
     * @param scale folder of the configurations: {@code data.yaml}, {@code pretrain.yaml}, {@code sft.yaml}, {@code reward.yaml}, {@code ppo.yaml}
     * @param poems JSONL files of poems, gzipped, with {@code title}, {@code author} and {@code text}
     * @param options where the folders of the stages go
     * @param ranks this process alone
     */
    public static void run(Path scale, List<Path> poems, RunOptions options, Ranks ranks, Monitor monitor)
            throws IOException {
        new PoetRecipe(scale, poems, options, ranks, monitor).run();
    }

    private PoetRecipe(Path scale, List<Path> poems, RunOptions options, Ranks ranks, Monitor monitor)
            throws IOException {
        if (ranks.size() > 1) {
            throw new IllegalArgumentException("the recipe runs in one process; start it without launch");
        }
        this.scale = scale;
        this.poems = List.copyOf(poems);
        this.options = options;
        this.ranks = ranks;
        this.monitor = monitor;
        this.config = Config.read(PoetConfig.class, scale.resolve("data.yaml"), List.of());
        this.data = new PoetData(options.out().resolve("data"));
    }

    private void run() throws IOException {
        RhymeTable rhymes = RhymeTable.load();
        PoemCorpus corpus = PoemCorpus.read(poems, rhymes);
        PoemChecker checker = new PoemChecker(rhymes, corpus.knownLines());
        monitor.notice("Poems, demonstrations and prompts");
        data.make(config, poems, corpus);

        stage(
                "pretrain",
                PretrainConfig.class,
                Pretrain::run,
                paths("data.paths", data.corpus()),
                path("tokenizer.path", data.tokenizer()));
        stage(
                "sft",
                SftConfig.class,
                Sft::run,
                path("model.path", model("pretrain")),
                paths("data.paths", data.demonstrations()));
        monitor.notice("Answers, ranked by rule");
        PoetRankings.make(data, model("sft"), checker, options.device(), config);
        stage(
                "reward",
                RewardConfig.class,
                Reward::run,
                path("model.path", model("sft")),
                paths("data.paths", data.rankings()));
        stage(
                "ppo",
                PpoConfig.class,
                Ppo::run,
                path("model.path", model("sft")),
                paths("data.paths", data.prompts()),
                path("ppo.reward.path", model("reward")),
                paths("ppo.rule.poems", poems.toArray(Path[]::new)),
                paths("ppo.mix.conversations", data.demonstrations()));
        keepModel();
        examine(new PoetExam(new Demonstrations(corpus), checker, model("reward"), options.device(), config));
    }

    private Path folder(String stage) {
        return options.out().resolve(stage);
    }

    private Path model(String stage) {
        return new RunFiles(folder(stage)).model();
    }

    private <T extends Record> void stage(String name, Class<T> type, Stage<T> stage, String... overrides)
            throws IOException {
        RunFiles files = new RunFiles(folder(name));
        if (Files.exists(files.info()) && RunInfo.read(files.info()).status() == RunInfo.Status.FINISHED) {
            monitor.notice("The stage " + name + " is done already");
            return;
        }
        monitor.notice("The stage " + name);
        T read = Config.read(type, scale.resolve(name + ".yaml"), List.of(overrides));
        stage.run(read, new RunOptions(folder(name), true, options.device(), options.datasets()), ranks, monitor);
    }

    private static String path(String key, Path path) {
        return key + "=" + quoted(path);
    }

    private static String paths(String key, Path... paths) {
        return key + "=[" + Stream.of(paths).map(PoetRecipe::quoted).collect(Collectors.joining(", ")) + "]";
    }

    private static String quoted(Path path) {
        return "\"" + path.toString().replace("\\", "\\\\") + "\"";
    }

    /** The last stage's model is the recipe's. */
    private void keepModel() throws IOException {
        Path result = folder("model");
        if (Files.exists(result)) {
            return;
        }
        Path making = Files.createDirectories(folder(".model"));
        try (Stream<Path> files = Files.list(model("ppo"))) {
            for (Path file : files.toList()) {
                Path copy = making.resolve(file.getFileName().toString());
                DurableFiles.write(copy, Files.readAllBytes(file));
            }
        }
        DurableFiles.replace(making, result);
    }

    private void examine(PoetExam exam) throws IOException {
        Path sft = model("sft");
        List<ExamResult> results = new ArrayList<>();
        results.add(examined(exam, "pretrained", model("pretrain"), null, 1));
        results.add(examined(exam, "SFT", sft, sft, 1));
        results.add(examined(exam, "SFT, best of " + config.bestOf(), sft, null, config.bestOf()));
        results.add(examined(exam, "PPO", model("ppo"), sft, 1));
        DurableFiles.write(folder("report.html"), new PoetReport(results, config).html());
    }

    private ExamResult examined(PoetExam exam, String stage, Path model, @Nullable Path reference, int bestOf)
            throws IOException {
        Path file = folder("exam").resolve(stage.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ".json");
        if (Files.exists(file)) {
            return JsonMapper.shared().readValue(Files.readString(file), ExamResult.class);
        }
        monitor.notice("Held-out prompts: " + stage);
        ExamResult result = exam.take(stage, model, reference, bestOf);
        Files.createDirectories(folder("exam"));
        DurableFiles.write(
                file, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(result) + "\n");
        return result;
    }
}
