package dev.mynah.server.store;

import dev.mynah.server.config.ServiceConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is.
 *
 * @param embedded whether it is the H2 file in the data folder, which no other machine uses
 */
public record DatabaseLocation(String url, String user, String password, boolean embedded) {
    /** The file of the embedded database in the data folder. */
    public static final String FILE = "mynah.mv.db";

    /**
     * PostgreSQL where the configuration names one, else the file in {@code dataDir}. A write that was acknowledged is in the file, and a second process (an audit, a back-up) may use it
     * meanwhile, through the first and this machine's own address only.
     */
    public static DatabaseLocation of(ServiceConfig.Database config, Path dataDir, ServerSecret secret) {
        @Nullable String url = config.url();
        if (url == null) {
            System.setProperty("h2.bindAddress", "127.0.0.1");
            String file = dataDir.resolve("mynah").toAbsolutePath().toString();
            return new DatabaseLocation(
                    "jdbc:h2:file:" + file
                            + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH;WRITE_DELAY=0;AUTO_SERVER=TRUE;LOCK_TIMEOUT=20000",
                    "mynah",
                    secret.hash("database"),
                    true);
        }
        return new DatabaseLocation(url, config.user(), config.password(), false);
    }
}
