package dev.mynah.cli;

import dev.mynah.train.Datasets;
import dev.mynah.train.run.Monitor;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the public data sets of the registry lie. */
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class DatasetsOption {
    @Option(
            names = "--datasets",
            paramLabel = "DIR",
            description =
                    "Folder with copies of public data sets, DIR/NAME/FILE, for dataset:NAME; docs/datasets.md lists them (default: where pull puts them, ~/.cache/mynah/datasets).")
    private @Nullable Path folder;

    /** Whether the folder was named. */
    boolean isGiven() {
        return folder != null;
    }

    Datasets datasets(Monitor monitor) {
        return new Datasets(registry(), folder == null ? HubCache.ofUser().datasets() : folder, monitor::notice);
    }

    /** The file that describes the data sets. */
    static Path registry() {
        return Home.recipes().resolve("datasets.yaml");
    }
}
