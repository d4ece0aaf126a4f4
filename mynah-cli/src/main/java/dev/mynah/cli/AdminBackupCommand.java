package dev.mynah.cli;

import dev.mynah.server.Maintenance;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mynah admin backup}: one file with all that the service keeps, while it runs or not. */
@Command(
        name = "backup",
        description = "Write the database, the secret and all files into one ZIP file, while the service runs or not.",
        footer = {"", "It holds the service's secret: keep it as you keep that."})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class AdminBackupCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataDirOption dataDir;

    @Option(names = "--out", paramLabel = "FILE", description = "The file to write (default: a new one in D/backups).")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException, SQLException {
        Maintenance maintenance = Maintenance.on(dataDir.path(), System.getenv());
        Figures.print(
                Figures.tree(maintenance.backup(out)), json, spec.commandLine().getOut());
        return 0;
    }
}
