package dev.mynah.cli;

import dev.mynah.server.Maintenance;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mynah admin reset-password}, for who has the data folder but cannot sign in. */
@Command(
        name = "reset-password",
        description = "Give a user a new password, print it this once, and end all sessions of that user.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class AdminResetPasswordCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataDirOption dataDir;

    @Mixin
    private UserOption user;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        String made = Maintenance.on(dataDir.path(), System.getenv()).resetPassword(user.email());
        Figures.print(
                Figures.tree(Map.of("password", made)), json, spec.commandLine().getOut());
        return 0;
    }
}
