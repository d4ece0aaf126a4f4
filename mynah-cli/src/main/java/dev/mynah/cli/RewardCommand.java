package dev.mynah.cli;

import dev.mynah.train.config.RewardConfig;
import dev.mynah.train.reward.Reward;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mynah train reward}: from ranked answers to a model that says what an answer is worth. */
@Command(
        name = "reward",
        description = "Train a reward model on ranked answers.",
        footer = {
            "",
            "Example:",
            "  mynah train reward --config reward.yaml --out runs/reward",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RewardCommand implements Callable<Integer> {
    @Mixin
    private StageOptions stage;

    @Mixin
    private SkipBadOption skipBad;

    @Override
    public Integer call() throws IOException {
        return stage.run(RewardConfig.class, Reward::run, skipBad.overrides());
    }
}
