package dev.mynah.train.recipe;

import dev.mynah.files.DurableFiles;
import dev.mynah.files.config.Config;
import dev.mynah.model.ModelFolder;
import dev.mynah.model.SamplingDefaults;
import dev.mynah.train.Ranks;
import dev.mynah.train.RunOptions;
import dev.mynah.train.config.GrpoConfig;
import dev.mynah.train.config.PoetConfig;
import dev.mynah.train.config.PpoConfig;
import dev.mynah.train.config.PretrainConfig;
import dev.mynah.train.config.RewardConfig;
import dev.mynah.train.config.SftConfig;
import dev.mynah.train.poet.Demonstrations;
import dev.mynah.train.poet.PoemChecker;
import dev.mynah.train.poet.PoemCorpus;
import dev.mynah.train.poet.RhymeTable;
import dev.mynah.train.ppo.Grpo;
import dev.mynah.train.ppo.Ppo;
import dev.mynah.train.pretrain.Pretrain;
import dev.mynah.train.reward.Reward;
import dev.mynah.train.run.Monitor;
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
 * The recipe of InstructGPT (Ouyang et al. 2022) for a poet: it reads poems, learns to answer from demonstrations, learns from rankings what is better, and improves by its own answers, first by PPO, then by GRPO, which learns more from the same computation.
 * In every further round the pretrained model learns anew, from answers of the round before that keep all rules, and then by GRPO. Each stage has a folder of its own, is gone on with where it was broken off, and is
 * not done again.
 */
public final class PoetRecipe {

    /** In the recipe's folder: the files of rankings by people, one a line. */
    private static final String RANKINGS = "rankings.txt";

    private final Path scale;
    private final List<Path> poems;
    private final List<Path> rankings;
    private final int rounds;
    private final RunOptions options;
    private final StageChain stages;
    private final Monitor monitor;
    private final PoetConfig config;
    private final PoetData data;

    /**
     * Makes the poet, or goes on making it.
     *
     * @param scale folder of the configurations: {@code data.yaml}, {@code pretrain.yaml}, {@code sft.yaml}, {@code reward.yaml}, {@code ppo.yaml}, {@code grpo.yaml}
     * @param poems JSONL files of poems, gzipped, with {@code title}, {@code author} and {@code text}
     * @param rankings of answers by people, for the reward model, beside those made by rule; none means those that were given when the recipe was last begun or gone on with
     * @param rounds  at least 1
     * @param options where the folders of the stages go
     * @param ranks this process alone
     */
    public static void run(
            Path scale,
            List<Path> poems,
            List<Path> rankings,
            int rounds,
            RunOptions options,
            Ranks ranks,
            Monitor monitor)
            throws IOException {
        new PoetRecipe(scale, poems, rankings, rounds, options, ranks, monitor).run();
    }

    private PoetRecipe(
            Path scale,
            List<Path> poems,
            List<Path> rankings,
            int rounds,
            RunOptions options,
            Ranks ranks,
            Monitor monitor)
            throws IOException {
        if (ranks.size() > 1) {
            throw new IllegalArgumentException("the recipe runs in one process; start it without launch");
        }
        this.scale = scale;
        this.poems = List.copyOf(poems);
        this.rankings =
                rankings.stream().map(file -> file.toAbsolutePath().normalize()).toList();
        this.rounds = rounds;
        this.options = options;
        this.stages = new StageChain(options, ranks, monitor);
        this.monitor = monitor;
        this.config = Config.read(PoetConfig.class, scale.resolve("data.yaml"), List.of());
        this.data = new PoetData(options.out().resolve("data"));
    }

    private void run() throws IOException {
        RhymeTable rhymes = RhymeTable.load();
        PoemCorpus corpus = PoemCorpus.read(poems, rhymes);
        PoemChecker checker = new PoemChecker(rhymes, corpus.knownLines());
        List<Path> people = rankingsOfPeople();
        monitor.notice("Poems, demonstrations and prompts");
        data.make(config, poems, corpus, options.datasets());

        stages.stage(
                "pretrain",
                read(
                        PretrainConfig.class,
                        "pretrain.yaml",
                        paths("data.paths", data.corpus()),
                        StageChain.path("tokenizer.path", data.tokenizer())),
                Pretrain::run);
        fineTune("sft", data.demonstrations());
        monitor.notice("Answers, ranked by rule");
        PoetRankings.make(data, model("sft"), checker, options.device(), config);
        stages.stage(
                "reward",
                read(
                        RewardConfig.class,
                        "reward.yaml",
                        StageChain.path("model.path", model("sft")),
                        paths(
                                "data.paths",
                                Stream.concat(Stream.of(data.rankings()), people.stream())
                                        .toArray(Path[]::new))),
                Reward::run);
        keep(people);
        stages.stage(
                "ppo",
                read(
                        PpoConfig.class,
                        "ppo.yaml",
                        StageChain.path("model.path", model("sft")),
                        paths("data.paths", data.prompts()),
                        StageChain.path("ppo.reward.path", model("reward")),
                        paths("ppo.rule.poems", poems.toArray(Path[]::new)),
                        paths("ppo.mix.conversations", data.demonstrations())),
                Ppo::run);
        grpo("grpo", model("ppo"), data.demonstrations());
        for (int round = 2; round <= rounds; round++) {
            again(round, new Demonstrations(corpus), checker);
        }
        stages.keepModel(inRound("grpo", rounds));
        Path result = stages.folder("model");
        SamplingDefaults sampling = SamplingDefaults.at(config.samplingTemperature());
        ModelFolder.saveGeneration(result, ModelFolder.generation(result).withSampling(sampling));
        examine(new PoetExam(new Demonstrations(corpus), checker, model("reward"), options.device(), config));
    }

    /** The rankings by people: those that are given, or else those that were given before. */
    private List<Path> rankingsOfPeople() throws IOException {
        Path kept = stages.folder(RANKINGS);
        if (rankings.isEmpty() && Files.exists(kept)) {
            List<Path> before = Files.readAllLines(kept).stream().map(Path::of).toList();
            for (Path file : before) {
                if (!Files.isRegularFile(file)) {
                    throw new IllegalArgumentException("The rankings " + file
                            + ", which were given before, are not there any more; say with --rankings where they are");
                }
            }
            return before;
        }
        if (!stages.isDone("reward")) {
            keep(rankings);
        }
        return rankings;
    }

    /** Notes which rankings by people belong to the recipe, so that they need not be given again when it is gone on with. */
    private void keep(List<Path> people) throws IOException {
        Files.createDirectories(options.out());
        DurableFiles.write(
                stages.folder(RANKINGS),
                people.stream().map(file -> file + "\n").collect(Collectors.joining()));
    }

    private void fineTune(String stage, Path demonstrations) throws IOException {
        stages.stage(
                stage,
                read(
                        SftConfig.class,
                        "sft.yaml",
                        StageChain.path("model.path", model("pretrain")),
                        paths("data.paths", demonstrations)),
                Sft::run);
    }

    private void grpo(String stage, Path start, Path demonstrations) throws IOException {
        stages.stage(
                stage,
                read(
                        GrpoConfig.class,
                        "grpo.yaml",
                        StageChain.path("model.path", start),
                        paths("data.paths", data.prompts()),
                        paths("grpo.rule.poems", poems.toArray(Path[]::new)),
                        paths("grpo.mix.conversations", demonstrations)),
                Grpo::run);
    }

    /** A round behind the first. */
    private void again(int round, Demonstrations source, PoemChecker checker) throws IOException {
        monitor.notice("Demonstrations of round " + round + ", by the poet itself");
        Path demonstrations = data.ownAnswers(round);
        new OwnAnswers(model(inRound("grpo", round - 1)), checker, options.device(), config, monitor)
                .make(demonstrations, source.training(config.demonstrations(), config.seed() + 10L * round));
        fineTune(inRound("sft", round), demonstrations);
        grpo(inRound("grpo", round), model(inRound("sft", round)), demonstrations);
    }

    /** The name of a stage in a round. */
    private static String inRound(String stage, int round) {
        return round == 1 ? stage : stage + "-" + round;
    }

    private <T extends Record> T read(Class<T> type, String file, String... overrides) throws IOException {
        return Config.read(type, scale.resolve(file), List.of(overrides));
    }

    private Path model(String stage) {
        return stages.model(stage);
    }

    private static String paths(String key, Path... paths) {
        return StageChain.paths(key, Stream.of(paths).map(Path::toString).toList());
    }

    private void examine(PoetExam exam) throws IOException {
        Path sft = model("sft");
        List<ExamResult> results = new ArrayList<>();
        results.add(examined(exam, "pretrained", model("pretrain"), null, 1));
        results.add(examined(exam, "SFT", sft, sft, 1));
        results.add(examined(exam, "SFT, best of " + config.bestOf(), sft, null, config.bestOf()));
        results.add(examined(exam, "PPO", model("ppo"), sft, 1));
        results.add(examined(exam, "GRPO", model("grpo"), sft, 1));
        for (int round = 2; round <= rounds; round++) {
            results.add(examined(exam, "SFT " + round, model(inRound("sft", round)), sft, 1));
            results.add(examined(exam, "GRPO " + round, model(inRound("grpo", round)), sft, 1));
        }
        DurableFiles.write(stages.folder("report.html"), new PoetReport(results, config).html());
    }

    private ExamResult examined(PoetExam exam, String stage, Path model, @Nullable Path reference, int bestOf)
            throws IOException {
        Path file =
                stages.folder("exam").resolve(stage.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ".json");
        if (Files.exists(file)) {
            return JsonMapper.shared().readValue(Files.readString(file), ExamResult.class);
        }
        monitor.notice("Held-out prompts: " + stage);
        ExamResult result = exam.take(stage, model, reference, bestOf);
        Files.createDirectories(stages.folder("exam"));
        DurableFiles.write(
                file, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(result) + "\n");
        return result;
    }
}
