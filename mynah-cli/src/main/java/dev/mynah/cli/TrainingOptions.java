package dev.mynah.cli;

import dev.mynah.tensor.Device;
import dev.mynah.train.Ranks;
import dev.mynah.train.RunOptions;
import dev.mynah.train.run.Monitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
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

    @Mixin
    DatasetsOption datasets;

    @Option(
            names = "--json",
            description = "Print one JSON object at the end: where the results are, and the last figures.")
    private boolean json;

    /** What is done with the processes that train together. */
    interface Training {
        void run(RunOptions options, Ranks ranks, Monitor monitor) throws IOException;
    }

    /** Joins the processes that train together, and trains. */
    void run(Path out, boolean resume, CommandLine command, Training training) throws IOException {
        LaunchedProcess.endWithLauncher();
        boolean first;
        try (Ranks ranks = Ranks.connect(System.getenv());
                ConsoleMonitor monitor = ConsoleMonitor.of(command.getErr(), ranks.isFirst())) {
            Device own = Device.parse(device.equals("cuda") ? "cuda:" + ranks.localRank() : device);
            training.run(new RunOptions(out, resume, own, datasets.datasets(monitor)), ranks, monitor);
            first = ranks.isFirst();
        }
        if (json && first) {
            command.getOut().println(RunResult.of(out));
        }
    }
}
