package dev.mynah.cli;

import dev.mynah.files.config.Config;
import dev.mynah.files.config.ConfigReference;
import dev.mynah.train.Ranks;
import dev.mynah.train.RunOptions;
import dev.mynah.train.run.Monitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What {@code mynah train} takes for every stage. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class StageOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--config", required = true, paramLabel = "F.yaml", description = "What to train, and how.")
    private Path config;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description =
                    "The run's folder. In the folder runs of Mynah's own folder, -m finds it by its name and the studio shows it.")
    private Path out;

    @Option(
            names = "--resume",
            description = "Go on from the newest checkpoint in DIR; without one, begin at the start.")
    private boolean resume;

    @Mixin
    private TrainingOptions training;

    @Option(names = "--help-config", help = true, description = "Print every key of the configuration and exit.")
    private boolean helpConfig;

    /** A stage of training. */
    interface Stage<T> {
        void run(T config, RunOptions options, Ranks ranks, Monitor monitor) throws IOException;
    }

    /** Reads the configuration and runs {@code stage} by it, or prints what the configuration may say. */
    <T extends Record> int run(Class<T> type, Stage<T> stage, String... overrides) throws IOException {
        if (helpConfig) {
            spec.commandLine().getOut().print(ConfigReference.text(type));
            return 0;
        }
        List<String> all = new ArrayList<>(training.overrides);
        all.addAll(List.of(overrides));
        T read = Config.read(type, config, all);
        training.run(
                out, resume, spec.commandLine(), (options, ranks, monitor) -> stage.run(read, options, ranks, monitor));
        return 0;
    }
}
