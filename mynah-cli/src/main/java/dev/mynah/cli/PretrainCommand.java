package dev.mynah.cli;

import dev.mynah.train.config.Config;
import dev.mynah.train.config.ConfigReference;
import dev.mynah.train.config.PretrainConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The run's folder.")
    private Path out;

    @Option(
            names = "--resume",
            description = "Go on from the newest checkpoint in DIR; without one, begin at the start.")
    private boolean resume;

    @Mixin
    private TrainingOptions training;

    @Option(names = "--help-config", help = true, description = "Print every key of the configuration and exit.")
    private boolean helpConfig;

    @Override
    public Integer call() throws IOException {
        if (helpConfig) {
            spec.commandLine().getOut().print(ConfigReference.text(PretrainConfig.class));
            return 0;
        }
        PretrainConfig read = Config.read(PretrainConfig.class, config, training.overrides);
        training.pretrain(read, out, resume, spec.commandLine().getErr());
        return 0;
    }
}
