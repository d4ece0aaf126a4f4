package dev.mynah.cli;

import dev.mynah.tensor.Device;
import dev.mynah.train.Ranks;
import dev.mynah.train.config.Config;
import dev.mynah.train.config.ConfigReference;
import dev.mynah.train.config.PretrainConfig;
import dev.mynah.train.pretrain.Pretrain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mynah train pretrain}: from text to a model that continues it. */
@Command(
        name = "pretrain",
        description = "Train a GPT from text.",
        footer = {
            "",
            "Examples:",
            "  mynah train pretrain --config pretrain.yaml --out runs/first",
            "  mynah train pretrain --config pretrain.yaml --set train.steps=100 --set model.depth=4 --out runs/first --resume",
            "  mynah launch --nproc 2 train pretrain --config pretrain.yaml --out runs/first",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PretrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--config", required = true, paramLabel = "F.yaml", description = "What to train, and how.")
    private Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override a key of the configuration, such as train.steps=100; may be given several times.")
    private List<String> overrides = List.of();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The run's folder.")
    private Path out;

    @Option(
            names = "--resume",
            description = "Go on from the newest checkpoint in DIR; without one, begin at the start.")
    private boolean resume;

    @Option(
            names = "--device",
            defaultValue = "cpu",
            paramLabel = "D",
            description =
                    "Where to compute: cpu, or cuda, of which each process takes its own (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--help-config", help = true, description = "Print every key of the configuration and exit.")
    private boolean helpConfig;

    @Override
    public Integer call() throws IOException {
        if (helpConfig) {
            spec.commandLine().getOut().print(ConfigReference.text(PretrainConfig.class));
            return 0;
        }
        PretrainConfig read = Config.read(PretrainConfig.class, config, overrides);
        LaunchedProcess.endWithLauncher();
        try (Ranks ranks = Ranks.connect(System.getenv());
                ConsoleMonitor monitor = ConsoleMonitor.of(spec.commandLine().getErr(), ranks.isFirst())) {
            Device own = Device.parse(device.equals("cuda") ? "cuda:" + ranks.localRank() : device);
            Pretrain.run(read, out, resume, own, ranks, monitor);
        }
        return 0;
    }
}
