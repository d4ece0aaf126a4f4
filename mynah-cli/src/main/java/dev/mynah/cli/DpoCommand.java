package dev.mynah.cli;

import dev.mynah.train.config.DpoConfig;
import dev.mynah.train.dpo.Dpo;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mynah train dpo}: from ranked answers straight to a model that prefers the better ones. */
@Command(
        name = "dpo",
        description = "Fine-tune a model on ranked answers, without a reward model.",
        footer = {
            "",
            "Example:",
            "  mynah train dpo --config dpo.yaml --out runs/dpo",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DpoCommand implements Callable<Integer> {
    @Mixin
    private StageOptions stage;

    @Mixin
    private SkipBadOption skipBad;

    @Override
    public Integer call() throws IOException {
        return stage.run(DpoConfig.class, Dpo::run, skipBad.overrides());
    }
}
