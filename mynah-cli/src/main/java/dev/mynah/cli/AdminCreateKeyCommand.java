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

/** {@code mynah admin create-key}, for who has the data folder but cannot sign in. */
@Command(name = "create-key", description = "Make an API key of a user and print it, this once.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class AdminCreateKeyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataDirOption dataDir;

    @Mixin
    private UserOption user;

    @Option(names = "--name", defaultValue = "Made by the command line", description = "What the key is for.")
    private String name;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        String made = Maintenance.on(dataDir.path(), System.getenv()).createKey(user.email(), name);
        Figures.print(
                Figures.tree(Map.of("api_key", made)), json, spec.commandLine().getOut());
        return 0;
    }
}
