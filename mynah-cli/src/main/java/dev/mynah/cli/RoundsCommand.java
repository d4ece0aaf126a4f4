package dev.mynah.cli;

import dev.mynah.train.config.RoundsConfig;
import dev.mynah.train.recipe.Rounds;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mynah train rounds}: rankings, reward model and PPO, again and again. */
@Command(
        name = "rounds",
        description = {
            "Align a model in rounds: collect rankings of the newest policy's answers, train a reward model on all rankings, and go on with PPO against it.",
            "Where people rank, the command ends when answers are laid out for them, and goes on with --resume when the rankings are there.",
            "--skip-bad is about the prompts that are answered; the configurations of reward model and PPO have data.skip_bad of their own.",
        },
        footer = {
            "",
            "Example:",
            "  mynah train rounds --config rounds.yaml --out runs/rounds --resume",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RoundsCommand implements Callable<Integer> {
    @Mixin
    private StageOptions stage;

    @Mixin
    private SkipBadOption skipBad;

    @Override
    public Integer call() throws IOException {
        return stage.run(RoundsConfig.class, Rounds::run, skipBad.overrides());
    }
}
