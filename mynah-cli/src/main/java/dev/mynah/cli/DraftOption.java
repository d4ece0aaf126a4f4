package dev.mynah.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How tokens are guessed that a model then checks several at a time. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DraftOption {
    private static final int WITH_MODEL = 4;

    @Option(
            names = "--draft-model",
            paramLabel = "M",
            description =
                    "A smaller model with the same tokens, whose guesses the model checks several at a time: the same answers, sooner.")
    private @Nullable String model;

    @Option(
            names = "--draft-tokens",
            paramLabel = "N",
            description =
                    "Tokens to guess at a time (default: 4 with a draft model, else 0). Without a draft model a text is guessed to go on as it did before, which is quick for summaries, edits and code.")
    private @Nullable Integer tokens;

    @Nullable
    Path path() throws IOException {
        return model == null ? null : Models.find(model);
    }

    /** How many tokens to guess at a time. */
    int tokens() {
        return tokens != null ? tokens : model == null ? 0 : WITH_MODEL;
    }
}
