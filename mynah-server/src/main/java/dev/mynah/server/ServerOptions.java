package dev.mynah.server;

import dev.mynah.server.finetuning.FineTuningOptions;
import dev.mynah.server.provider.LocalModels;
import dev.mynah.server.provider.ModelOpener;
import dev.mynah.tensor.Device;
import java.nio.file.Path;
import java.util.Map;

/**
 * How the service starts.
 *
 * @param port        where it listens, or 0 for any free port
 * @param dataDir     where the embedded database and all files are kept
 * @param runs        where training runs are written, one folder each
 * @param fineTuning  what trains, and what can be trained
 * @param opener      opens the models that are made or deployed while the service runs
 * @param environment settings from outside, by the names of environment variables
 */
public record ServerOptions(
        int port,
        Path dataDir,
        Path runs,
        FineTuningOptions fineTuning,
        ModelOpener opener,
        Map<String, String> environment) {
    private static final int MAX_PORT = 65_535;

    /** With training runs in the data folder, and without training. */
    public ServerOptions(int port, Path dataDir, Map<String, String> environment) {
        this(
                port,
                dataDir,
                dataDir.resolve("runs"),
                FineTuningOptions.NONE,
                (name, folder) -> LocalModels.open(name, folder, Device.CPU),
                environment);
    }

    public ServerOptions {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("the port must lie in 0..65535, not " + port);
        }
        environment = Map.copyOf(environment);
    }
}
