package dev.mynah.server.store;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is.
 *
 * @param embedded whether it is the H2 file in the data folder, which no other machine uses
 */
public record DatabaseLocation(String url, String user, String password, boolean embedded) {
    /** Names a PostgreSQL: {@code jdbc:postgresql://host/database}, with {@code _USER} and {@code _PASSWORD} beside it. */
    public static final String VARIABLE = "MYNAH_DATABASE_URL";

    /**
     * PostgreSQL where the environment names one, else the file in {@code dataDir}. A write that was acknowledged is in the file, and a second process (an audit, a back-up) may use it
     * meanwhile, through the first and this machine's own address only.
     */
    public static DatabaseLocation of(Map<String, String> environment, Path dataDir, ServerSecret secret) {
        @Nullable String url = environment.get(VARIABLE);
        if (url == null || url.isBlank()) {
            System.setProperty("h2.bindAddress", "127.0.0.1");
            String file = dataDir.resolve("mynah").toAbsolutePath().toString();
            return new DatabaseLocation(
                    "jdbc:h2:file:" + file
                            + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH;WRITE_DELAY=0;AUTO_SERVER=TRUE;LOCK_TIMEOUT=20000",
                    "mynah",
                    secret.hash("database"),
                    true);
        }
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException(
                    VARIABLE + " must begin with jdbc:postgresql:, unlike \"" + url.replaceAll("\\?.*", "") + "\"");
        }
        return new DatabaseLocation(
                url,
                environment.getOrDefault(VARIABLE.replace("_URL", "_USER"), "mynah"),
                environment.getOrDefault(VARIABLE.replace("_URL", "_PASSWORD"), ""),
                false);
    }
}
