package dev.mynah.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The service's data folder. */
final class DataDirOption {
    @Option(
            names = "--data-dir",
            paramLabel = "D",
            description = "The service's data folder (default: data in Mynah's own folder).")
    private @Nullable Path dataDir;

    Path path() {
        return dataDir == null ? Home.data() : dataDir;
    }
}
