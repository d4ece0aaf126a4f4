package dev.mynah.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A smaller model that guesses for a larger one. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DraftOption {
    @Option(
            names = "--draft-model",
            paramLabel = "M",
            description =
                    "A smaller model with the same tokens, whose guesses the model checks several at a time: the same answers, sooner.")
    private @Nullable String model;

    @Option(
            names = "--draft-tokens",
            defaultValue = "4",
            paramLabel = "N",
            description = "Tokens that the draft model guesses at a time (default: ${DEFAULT-VALUE}).")
    private int tokens;

    @Nullable
    Path path() throws IOException {
        return model == null ? null : Models.find(model);
    }

    /** How many tokens to guess at a time; 0 without a draft model. */
    int tokens() {
        return model == null ? 0 : tokens;
    }
}
