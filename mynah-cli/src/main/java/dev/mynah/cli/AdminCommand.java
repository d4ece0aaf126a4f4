package dev.mynah.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mynah admin}: work on the service's data. */
@Command(
        name = "admin",
        description = "Look after the service's data.",
        subcommands = {
            AdminAuditCommand.class,
            AdminBackupCommand.class,
            AdminRestoreCommand.class,
            AdminCreateKeyCommand.class,
            AdminResetPasswordCommand.class
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class AdminCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }
}
