package dev.mynah.server.backup;

import dev.mynah.server.ServerOptions;
import dev.mynah.server.config.ServiceConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.stereotype.Component;

/** Backs a database up before a new version changes it, and keeps the newest of these back-ups. */
@Component
final class MigrationBackup implements FlywayMigrationStrategy {
    private static final Logger LOG = LoggerFactory.getLogger(MigrationBackup.class);
    private static final String PREFIX = "before-migration-of-";
    private static final Pattern NAME = Pattern.compile(Pattern.quote(PREFIX) + ".*\\.zip");

    private final DataSource dataSource;
    private final Path dataDir;
    private final ServiceConfig config;
    private final Clock clock;

    MigrationBackup(DataSource dataSource, ServerOptions options, ServiceConfig config, Clock clock) {
        this.dataSource = dataSource;
        dataDir = options.dataDir();
        this.config = config;
        this.clock = clock;
    }

    @Override
    public void migrate(Flyway flyway) {
        boolean old = flyway.info().current() != null && flyway.info().pending().length > 0;
        if (old && config.backup().keep() > 0) {
            try {
                back(String.valueOf(
                        Objects.requireNonNull(flyway.info().current()).getVersion()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (SQLException e) {
                throw new IllegalStateException("the database could not be backed up, so it is left as it was", e);
            }
        }
        flyway.migrate();
    }

    private void back(String version) throws IOException, SQLException {
        Path folder = dataDir.resolve(Backup.FOLDER);
        String name = PREFIX + version + "-"
                + clock.instant().toString().replaceAll("[^0-9]", "").substring(0, 14) + ".zip";
        LOG.info(
                "{}",
                new Backup(dataDir, dataSource, config.database().url() == null)
                        .write(folder.resolve(name), clock.instant()));
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> older = all.filter(
                            file -> NAME.matcher(file.getFileName().toString()).matches())
                    .sorted(Comparator.comparing(MigrationBackup::modified).reversed())
                    .skip(config.backup().keep())
                    .toList();
            for (Path file : older) {
                Files.delete(file);
            }
        }
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
