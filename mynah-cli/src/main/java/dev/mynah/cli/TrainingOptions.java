package dev.mynah.cli;

import dev.mynah.tensor.Device;
import dev.mynah.train.Datasets;
import dev.mynah.train.Ranks;
import dev.mynah.train.RunOptions;
import dev.mynah.train.run.Monitor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command that trains takes. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TrainingOptions {

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override a key of the configuration, such as train.steps=100; may be given several times.")
    List<String> overrides = List.of();

    @Option(
            names = "--device",
            defaultValue = "cpu",
            paramLabel = "D",
            description =
                    "Where to compute: cpu, or cuda, of which each process takes its own (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(
            names = "--datasets",
            paramLabel = "DIR",
            description = "Folder with copies of public data sets, DIR/NAME/FILE, for dataset:NAME in data.paths.")
    private @Nullable Path datasets;

    /** The folder of recipes, which the launcher names. */
    static Path recipes() {
        return Path.of(System.getProperty("mynah.home", ""), "recipes");
    }

    /** What is done with the processes that train together. */
    interface Training {
        void run(RunOptions options, Ranks ranks, Monitor monitor) throws IOException;
    }

    /** Joins the processes that train together, and trains. */
    void run(Path out, boolean resume, PrintWriter err, Training training) throws IOException {
        LaunchedProcess.endWithLauncher();
        try (Ranks ranks = Ranks.connect(System.getenv());
                ConsoleMonitor monitor = ConsoleMonitor.of(err, ranks.isFirst())) {
            Device own = Device.parse(device.equals("cuda") ? "cuda:" + ranks.localRank() : device);
            Datasets known = new Datasets(recipes().resolve("datasets.yaml"), datasets);
            training.run(new RunOptions(out, resume, own, known), ranks, monitor);
        }
    }
}
