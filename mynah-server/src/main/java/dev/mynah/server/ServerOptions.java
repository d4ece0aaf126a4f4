package dev.mynah.server;

import java.nio.file.Path;
import java.util.Map;

/**
 * How the service starts.
 *
 * @param port        where it listens, or 0 for any free port
 * @param dataDir     where the embedded database and all files are kept
 * @param runs        where training runs are written, one folder each
 * @param environment settings from outside, by the names of environment variables
 */
public record ServerOptions(int port, Path dataDir, Path runs, Map<String, String> environment) {
    private static final int MAX_PORT = 65_535;

    /** With training runs in the data folder. */
    public ServerOptions(int port, Path dataDir, Map<String, String> environment) {
        this(port, dataDir, dataDir.resolve("runs"), environment);
    }

    public ServerOptions {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("the port must lie in 0..65535, not " + port);
        }
        environment = Map.copyOf(environment);
    }
}
