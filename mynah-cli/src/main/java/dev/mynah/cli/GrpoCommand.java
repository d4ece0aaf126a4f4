package dev.mynah.cli;

import dev.mynah.train.config.GrpoConfig;
import dev.mynah.train.ppo.Grpo;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mynah train grpo}: from rewards of several answers to each prompt to a model that earns more. */
@Command(
        name = "grpo",
        description = "Fine-tune a model on rewards of its own answers, measured against each other.",
        footer = {
            "",
            "Example:",
            "  mynah train grpo --config grpo.yaml --out runs/grpo",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class GrpoCommand implements Callable<Integer> {
    @Mixin
    private StageOptions stage;

    @Mixin
    private SkipBadOption skipBad;

    @Override
    public Integer call() throws IOException {
        return stage.run(GrpoConfig.class, Grpo::run, skipBad.overrides());
    }
}
