package dev.mynah.cli;

import dev.mynah.train.config.Config;
import dev.mynah.train.config.PretrainConfig;
import dev.mynah.train.pretrain.Pretrain;
import dev.mynah.train.run.RunFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
            "",
            "Example:",
            "  mynah recipe first-words",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RecipeCommand implements Callable<Integer> {
    private static final String FIRST_WORDS = "first-words";
    private static final String CORPUS = "tiny-shakespeare.jsonl.gz";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Which recipe: first-words.")
    private String name;

    @Option(names = "--out", paramLabel = "DIR", description = "Folder of the result (default: runs/NAME).")
    private @Nullable Path out;

    @Mixin
    private TrainingOptions training;

    @Override
    public Integer call() throws IOException {
        if (!name.equals(FIRST_WORDS)) {
            throw new ParameterException(
                    spec.commandLine(), "There is no recipe \"" + name + "\"; there is " + FIRST_WORDS);
        }
        Path recipes = TrainingOptions.recipes();
        List<String> overrides = new ArrayList<>();
        overrides.add("data.paths=[\""
                + recipes.resolve("corpora").resolve(CORPUS).toString().replace("\\", "\\\\") + "\"]");
        overrides.addAll(training.overrides);
        PretrainConfig config = Config.read(PretrainConfig.class, recipes.resolve(name + ".yaml"), overrides);
        Path folder = out == null ? Path.of("runs", name) : out;
        PrintWriter err = spec.commandLine().getErr();
        training.run(folder, true, err, (options, ranks, monitor) -> Pretrain.run(config, options, ranks, monitor));
        RunFiles files = new RunFiles(folder);
        err.println("The report is " + files.report() + ", the model is " + files.model() + ". Let it write:");
        err.println("  ./mynah generate -m " + files.model() + " -p \"ROMEO:\"");
        return 0;
    }
}
