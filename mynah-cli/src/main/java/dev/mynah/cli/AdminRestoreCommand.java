package dev.mynah.cli;

import dev.mynah.server.Maintenance;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mynah admin restore}: brings a back-up into a folder, or a PostgreSQL, that has nothing yet. */
@Command(
        name = "restore",
        description =
                "Check a back-up, bring it into an empty data folder (or an empty PostgreSQL), and add up the books.",
        footer = {
            "",
            "What was written from an embedded database may be brought into PostgreSQL (MYNAH_DATABASE_URL), and the other way.",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class AdminRestoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "What backup wrote.")
    private Path file;

    @Mixin
    private DataDirOption dataDir;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException, SQLException {
        return AdminAuditCommand.print(Maintenance.restore(file, dataDir.path(), System.getenv()), json, spec);
    }
}
