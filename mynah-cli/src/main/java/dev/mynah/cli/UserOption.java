package dev.mynah.cli;

import picocli.CommandLine.Option;

/** The user that a command is about. */
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class UserOption {
    @Option(
            names = "--email",
            defaultValue = "admin@localhost",
            paramLabel = "ADDRESS",
            description = "Whose (default: ${DEFAULT-VALUE}).")
    private String email;

    String email() {
        return email;
    }
}
