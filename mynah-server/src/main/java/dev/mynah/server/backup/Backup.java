package dev.mynah.server.backup;

import dev.mynah.files.Digests;
import dev.mynah.files.DurableFiles;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.sql.DataSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes everything that the service keeps into one ZIP file, while it runs or not: all rows of the database as one snapshot of it, and the files of the data folder. Nothing in it depends on
 * which database it was, so that it may be brought back into the other kind.
 */
public final class Backup {
    /** The folder of back-ups in the data folder. */
    public static final String FOLDER = "backups";

    static final String TABLES = "tables/";
    static final String FILES = "files/";
    static final String ROWS = ".jsonl";

    // What is not a part of what the service keeps: the embedded database itself, locks, back-ups, and training runs.
    private static final Set<String> LEFT_OUT = Set.of("serve.lock", FOLDER, "runs");
    private static final String DATABASE = "mynah.";

    private final Path dataDir;
    private final DataSource dataSource;
    private final boolean embedded;

    /** @param embedded whether the database is H2 */
    public Backup(Path dataDir, DataSource dataSource, boolean embedded) {
        this.dataDir = dataDir;
        this.dataSource = dataSource;
        this.embedded = embedded;
    }

    /**
     * What was written.
     *
     * @param schema the newest migration of the database
     * @param rows   in all tables
     * @param files  of the data folder
     * @param bytes  the back-up's size
     */
    public record Result(String file, String schema, long rows, int files, long bytes) {}

    /**
     * Writes a back-up, readable by its owner only.
     *
     * @throws FileAlreadyExistsException if {@code out} is there
     */
    public Result write(Path out, Instant now) throws IOException, SQLException {
        if (Files.exists(out)) {
            throw new FileAlreadyExistsException(out.toString());
        }
        Path folder = out.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path partial = out.resolveSibling(out.getFileName() + ".partial");
        try {
            Manifest manifest = writeTo(partial, now);
            DurableFiles.syncFile(partial);
            DurableFiles.replace(partial, out);
            return new Result(
                    out.toString(),
                    manifest.schema(),
                    manifest.rows().values().stream().mapToLong(Long::longValue).sum(),
                    (int) manifest.sha256().keySet().stream()
                            .filter(name -> name.startsWith(FILES))
                            .count(),
                    Files.size(out));
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private Manifest writeTo(Path file, Instant now) throws IOException, SQLException {
        Files.deleteIfExists(file);
        Files.createFile(file);
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view != null) {
            view.setPermissions(PosixFilePermissions.fromString("rw-------"));
        }
        Map<String, String> sums = new LinkedHashMap<>();
        Map<String, Long> rows = new LinkedHashMap<>();
        try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            String schema;
            try (Connection connection = snapshot()) {
                schema = schema(connection);
                for (Table table : Table.all(connection)) {
                    entry(zip, TABLES + table.name() + ROWS, sums, bytes -> {
                        Writer out = new OutputStreamWriter(bytes, StandardCharsets.UTF_8);
                        rows.put(table.name(), TableDump.write(connection, table, out));
                        out.flush();
                    });
                }
                connection.rollback();
            }
            for (Path kept : files()) {
                String name = dataDir.relativize(kept).toString().replace('\\', '/');
                entry(zip, FILES + name, sums, bytes -> Files.copy(kept, bytes));
            }
            Manifest manifest = new Manifest(Manifest.FORMAT, schema, now.toString(), rows, sums);
            zip.putNextEntry(new ZipEntry(Manifest.NAME));
            zip.write(JsonMapper.shared().writeValueAsBytes(manifest));
            zip.closeEntry();
            return manifest;
        }
    }

    /** All that is read of this connection is of one moment. */
    private Connection snapshot() throws SQLException {
        Connection connection = dataSource.getConnection();
        connection.setAutoCommit(false);
        // H2 keeps one snapshot of all tables at this level only.
        connection.setTransactionIsolation(
                embedded ? Connection.TRANSACTION_SERIALIZABLE : Connection.TRANSACTION_REPEATABLE_READ);
        return connection;
    }

    private static String schema(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select "version" from "flyway_schema_history" where "success" and "version" is not null
                        order by "installed_rank" desc limit 1
                        """)) {
            if (!row.next()) {
                throw new IllegalStateException("the database is empty");
            }
            return row.getString(1);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(dataDir)) {
            return all.filter(Files::isRegularFile)
                    .filter(this::isKept)
                    .sorted()
                    .toList();
        }
    }

    private boolean isKept(Path file) {
        Path inside = dataDir.relativize(file);
        String first = inside.getName(0).toString();
        boolean database = inside.getNameCount() == 1 && first.startsWith(DATABASE) && first.endsWith(".db");
        return !database && !LEFT_OUT.contains(first);
    }

    private interface Content {
        void write(OutputStream out) throws IOException, SQLException;
    }

    private static void entry(ZipOutputStream zip, String name, Map<String, String> sums, Content content)
            throws IOException, SQLException {
        MessageDigest digest = Digests.sha256();
        zip.putNextEntry(new ZipEntry(name));
        content.write(new DigestOutputStream(zip, digest));
        zip.closeEntry();
        sums.put(name, Digests.hex(digest));
    }
}
