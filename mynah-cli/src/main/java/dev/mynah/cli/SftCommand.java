package dev.mynah.cli;

import dev.mynah.train.config.SftConfig;
import dev.mynah.train.sft.Sft;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mynah train sft}: from a model and conversations to one that answers. */
@Command(
        name = "sft",
        description = "Fine-tune a model on conversations.",
        footer = {
            "",
            "Examples:",
            "  mynah train sft --config sft.yaml --out runs/chat",
            "  mynah train sft --config sft.yaml --set sft.lora.rank=8 --out runs/chat-lora --skip-bad",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class SftCommand implements Callable<Integer> {
    @Mixin
    private StageOptions stage;

    @Mixin
    private SkipBadOption skipBad;

    @Override
    public Integer call() throws IOException {
        return stage.run(SftConfig.class, Sft::run, skipBad.overrides());
    }
}
