package dev.mynah.cli;

import dev.mynah.text.Tokenizer;
import dev.mynah.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The tokenizer that a command uses. */
@SuppressWarnings("NullAway.Init") // picocli sets required options
final class TokenizerOption {
    @Option(
            names = {"-t", "--tokenizer"},
            required = true,
            paramLabel = "DIR",
            description = "A folder with tokenizer.json, or that file.")
    private Path path;

    Tokenizer load() throws IOException {
        return Tokenizers.load(path);
    }
}
