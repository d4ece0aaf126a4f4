package dev.mynah.cli;

import dev.mynah.train.classify.ClassifierStage;
import dev.mynah.train.config.ClassifierConfig;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mynah train classifier}: from labelled texts to a classifier of short texts. */
@Command(
        name = "classifier",
        description = "Train a linear classifier on labelled texts, for moderation.",
        footer = {
            "",
            "Example:",
            "  mynah train classifier --config classifier.yaml --out runs/classifier",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class ClassifierCommand implements Callable<Integer> {
    @Mixin
    private StageOptions stage;

    @Override
    public Integer call() throws IOException {
        return stage.run(
                ClassifierConfig.class,
                (config, options, ranks, monitor) -> ClassifierStage.run(config, options, monitor));
    }
}
