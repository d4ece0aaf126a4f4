package dev.mynah.cli;

import dev.mynah.files.config.Config;
import dev.mynah.train.Datasets;
import dev.mynah.train.classify.ClassifierStage;
import dev.mynah.train.config.PretrainConfig;
import dev.mynah.train.moderation.ModerationRecipe;
import dev.mynah.train.pretrain.Pretrain;
import dev.mynah.train.recipe.PoetRecipe;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.RunFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mynah recipe}: from data that ships with the repository to a model, in one command. */
@Command(
        name = "recipe",
        description = "Make a model from start to end. A recipe that was broken off goes on where it was.",
        footer = {
            "",
            "Recipes:",
            "  first-words   a small GPT that learns to write Shakespeare, in minutes on two cores",
            "  poet          an assistant that writes classical Chinese poems: pretraining, demonstrations, reward model, PPO",
            "  moderation    the classifier that the service's moderation asks, in about 15 s; needs data sets",
            "",
            "Examples:",
            "  mynah recipe first-words",
            "  mynah recipe poet --scale tiny",
            "",
            "docs/datasets.md tells where data sets come from.",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RecipeCommand implements Callable<Integer> {
    private static final String FIRST_WORDS = "first-words";
    private static final String POET = "poet";
    private static final String TINY = "tiny";
    private static final String MODERATION = "moderation";
    private static final String SHAKESPEARE = "tiny-shakespeare.jsonl.gz";
    private static final String TANG_POEMS = "tang-poems.jsonl.gz";
    private static final String ALL_POEMS = "dataset:chinese-poems";

    /** Of the data set of poems, the files of regular ones. */
    private static final Set<String> REGULAR = Set.of("tang.jsonl.gz", "song-shi.jsonl.gz");

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Which recipe: first-words, poet or moderation.")
    private String name;

    @Option(
            names = "--scale",
            paramLabel = "S",
            defaultValue = TINY,
            description =
                    "Size of the poet: tiny (minutes), cpu (about 70 minutes on two cores), or gpu (with --device cuda); the larger ones on all poems of the data set chinese-poems, where it is there (default: ${DEFAULT-VALUE}).")
    private String scale;

    @Option(
            names = "--rankings",
            paramLabel = "FILE",
            description =
                    "Rankings of answers, in JSON Lines, that the poet's reward model learns from beside those made by rule; can be repeated, and need not be given again when the recipe goes on.")
    private List<Path> rankings = new ArrayList<>();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Rounds of the poet: in each behind the first, the pretrained model learns anew from answers of the round before that keep all rules, and then from rewards (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Folder of the result (default: runs/NAME in Mynah's own folder; of the poet's larger scales runs/poet-SCALE).")
    private @Nullable Path out;

    @Mixin
    private TrainingOptions training;

    @Override
    public Integer call() throws IOException {
        if (!name.equals(POET) && (!scale.equals(TINY) || !rankings.isEmpty() || rounds != 1)) {
            throw new ParameterException(
                    spec.commandLine(), "--scale, --rankings and --rounds belong to the recipe " + POET);
        }
        Path folder = out == null ? Home.fromHere(Home.runs().resolve(folderName())) : out;
        switch (name) {
            case FIRST_WORDS -> firstWords(folder);
            case POET -> poet(folder);
            case MODERATION -> moderation(folder);
            default ->
                throw new ParameterException(
                        spec.commandLine(),
                        "There is no recipe \"" + name + "\"; there are " + FIRST_WORDS + ", " + POET + " and "
                                + MODERATION);
        }
        return 0;
    }

    /** A scale above the smallest has a folder of its own, so that one is not taken for the other. */
    private String folderName() {
        return name.equals(POET) && !scale.equals(TINY) ? name + "-" + scale : name;
    }

    private void firstWords(Path folder) throws IOException {
        Path recipes = Home.recipes();
        List<String> overrides = new ArrayList<>();
        overrides.add("data.paths=[\""
                + recipes.resolve("corpora").resolve(SHAKESPEARE).toString().replace("\\", "\\\\") + "\"]");
        overrides.add("data.source=github.com/karpathy/char-rnn, tinyshakespeare");
        overrides.add("data.licence=public domain");
        overrides.addAll(training.overrides);
        PretrainConfig config = Config.read(PretrainConfig.class, recipes.resolve(name + ".yaml"), overrides);
        training.run(
                folder,
                true,
                spec.commandLine(),
                (options, ranks, monitor) -> Pretrain.run(config, options, ranks, monitor));
        RunFiles files = new RunFiles(folder);
        announce(files.report(), files.model(), "Let it write", "generate", "-m", files.model(), "-p", "ROMEO:");
    }

    private void poet(Path folder) throws IOException {
        Path configurations = Home.recipes().resolve(POET).resolve(scale);
        if (!Files.isRegularFile(configurations.resolve("data.yaml"))) {
            throw new ParameterException(
                    spec.commandLine(), "There is no scale \"" + scale + "\" of the poet; there are tiny, cpu and gpu");
        }
        if (!training.overrides.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "The stages of the poet are configured in " + configurations + ", not by --set");
        }
        for (Path file : rankings) {
            if (!Files.isRegularFile(file)) {
                throw new ParameterException(spec.commandLine(), "There is no file " + file + " of rankings");
            }
        }
        if (rounds < 1) {
            throw new ParameterException(spec.commandLine(), "--rounds is " + rounds + "; the poet takes at least 1");
        }
        training.run(
                folder,
                true,
                spec.commandLine(),
                (options, ranks, monitor) -> PoetRecipe.run(
                        configurations, poems(options.datasets(), monitor), rankings, rounds, options, ranks, monitor));
        Path model = folder.resolve("model");
        announce(folder.resolve("report.html"), model, "Talk to it", "chat", "-m", model);
    }

    private void announce(Path report, Path model, String invitation, Object... command) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("The report is " + report + ", the model is " + model + ". " + invitation + ":");
        err.println("  " + Home.command(command));
    }

    private void moderation(Path folder) throws IOException {
        training.run(
                folder,
                true,
                spec.commandLine(),
                (options, ranks, monitor) ->
                        ModerationRecipe.run(List.of(tangPoems()), training.overrides, options, monitor));
        spec.commandLine()
                .getErr()
                .println("The classifier is " + folder.resolve(ClassifierStage.FILE)
                        + ". In the data folder of a service it takes the place of the one that the service brings.");
    }

    private static Path tangPoems() {
        return Home.recipes().resolve("corpora").resolve(TANG_POEMS);
    }

    /** The shipped poems, or for scales above tiny all of the data set, where it is there or a folder is named for it. */
    private List<Path> poems(Datasets datasets, Monitor monitor) throws IOException {
        if (scale.equals(TINY)) {
            return List.of(tangPoems());
        }
        if (!training.datasets.isGiven() && !datasets.holds(ALL_POEMS)) {
            monitor.notice("The data set chinese-poems is not in " + datasets.folder()
                    + ": the poet learns from the poems that come with Mynah (docs/datasets.md tells of the others)");
            return List.of(tangPoems());
        }
        return datasets.resolve(ALL_POEMS).stream()
                .map(source -> Path.of(source.path()))
                .filter(file -> REGULAR.contains(file.getFileName().toString()))
                .toList();
    }
}
