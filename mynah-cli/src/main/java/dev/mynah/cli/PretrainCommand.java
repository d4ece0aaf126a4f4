package dev.mynah.cli;

import dev.mynah.train.config.PretrainConfig;
import dev.mynah.train.pretrain.Pretrain;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class PretrainCommand implements Callable<Integer> {
    @Mixin
    private StageOptions stage;

    @Mixin
    private StrictOption strict;

    @Override
    public Integer call() throws IOException {
        return stage.run(PretrainConfig.class, Pretrain::run, strict.overrides());
    }
}
