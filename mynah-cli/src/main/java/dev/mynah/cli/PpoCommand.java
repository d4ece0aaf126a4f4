package dev.mynah.cli;

import dev.mynah.train.config.PpoConfig;
import dev.mynah.train.ppo.Ppo;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mynah train ppo}: from rewards of its own answers to a model that earns more. */
@Command(
        name = "ppo",
        description = "Fine-tune a model on rewards of its own answers.",
        footer = {
            "",
            "Example:",
            "  mynah train ppo --config ppo.yaml --out runs/ppo",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PpoCommand implements Callable<Integer> {
    @Mixin
    private StageOptions stage;

    @Mixin
    private SkipBadOption skipBad;

    @Override
    public Integer call() throws IOException {
        return stage.run(PpoConfig.class, Ppo::run, skipBad.overrides());
    }
}
