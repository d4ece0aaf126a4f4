package dev.mynah.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mynah tokenizer}: what is done with tokenizers alone. */
@Command(
        name = "tokenizer",
        description = "Train a tokenizer, encode and decode text.",
        subcommands = {TokenizerTrainCommand.class, TokenizerEncodeCommand.class, TokenizerDecodeCommand.class})
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class TokenizerCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command: train, encode or decode");
    }
}
