package dev.mynah.server.backup;

import dev.mynah.files.Digests;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Brings a {@link Backup} back. It is verified as a whole before anything is written. */
public final class Restore implements AutoCloseable {
    private static final long MAX_MANIFEST_BYTES = 16 << 20;

    private final Path file;
    private final ZipFile zip;
    private final Manifest manifest;

    private Restore(Path file, ZipFile zip) throws IOException {
        this.file = file;
        this.zip = zip;
        manifest = manifest();
    }

    /**
     * Opens a back-up and checks that it is whole.
     *
     * @throws IllegalArgumentException if it is damaged, or of a newer version
     */
    public static Restore open(Path file) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException e) {
            throw new IllegalArgumentException(file + " is no back-up: " + e.getMessage(), e);
        }
        try {
            Restore restore = new Restore(file, zip);
            restore.verify();
            return restore;
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private Manifest manifest() throws IOException {
        @Nullable ZipEntry entry = zip.getEntry(Manifest.NAME);
        if (entry == null || entry.getSize() > MAX_MANIFEST_BYTES) {
            throw damaged("it has no " + Manifest.NAME);
        }
        try (InputStream in = zip.getInputStream(entry)) {
            Manifest read = JsonMapper.shared().readValue(in, Manifest.class);
            if (read.format() != Manifest.FORMAT) {
                throw damaged("its format is " + read.format() + ", and this version reads " + Manifest.FORMAT);
            }
            return read;
        } catch (JacksonException e) {
            throw damaged("its " + Manifest.NAME + " cannot be read");
        }
    }

    private void verify() throws IOException {
        Set<String> there = new HashSet<>();
        for (ZipEntry entry : Collections.list(zip.entries())) {
            there.add(entry.getName());
        }
        there.remove(Manifest.NAME);
        if (!there.equals(manifest.sha256().keySet())) {
            throw damaged("it has not the entries that its " + Manifest.NAME + " names");
        }
        for (Map.Entry<String, String> sum : manifest.sha256().entrySet()) {
            MessageDigest digest = Digests.sha256();
            try (InputStream in = new DigestInputStream(entry(sum.getKey()), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (ZipException e) {
                throw damaged(sum.getKey() + ": " + e.getMessage());
            }
            if (!Digests.hex(digest).equals(sum.getValue())) {
                throw damaged(sum.getKey() + " has not the checksum that it should have");
            }
        }
    }

    private IllegalArgumentException damaged(String reason) {
        return new IllegalArgumentException(file + " is no whole back-up: " + reason);
    }

    private InputStream entry(String name) throws IOException {
        return zip.getInputStream(Objects.requireNonNull(zip.getEntry(name)));
    }

    /** Writes the files into a data folder, which has none of them. */
    public void files(Path dataDir) throws IOException {
        for (String name : manifest.sha256().keySet()) {
            if (name.startsWith(Backup.FILES)) {
                Path target =
                        dataDir.resolve(name.substring(Backup.FILES.length())).normalize();
                if (!target.startsWith(dataDir.normalize())) {
                    throw damaged(name + " lies outside of the data folder");
                }
                Files.createDirectories(Objects.requireNonNull(target.getParent()));
                try (InputStream in = entry(name)) {
                    Files.copy(in, target);
                }
            }
        }
    }

    /**
     * Fills an empty database, all or nothing.
     *
     * @return how many rows it has
     */
    public long rows(DataSource dataSource) throws IOException, SQLException {
        Flyway.configure()
                .dataSource(dataSource)
                .target(MigrationVersion.fromVersion(manifest.schema()))
                .load()
                .migrate();
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            List<Table> tables = Table.all(connection);
            empty(connection, tables);
            long count = 0;
            for (Table table : tables) {
                count += table(connection, table);
            }
            connection.commit();
            return count;
        }
    }

    /** Migrations fill some tables themselves. */
    private static void empty(Connection connection, List<Table> tables) throws SQLException {
        List<Table> reversed = new ArrayList<>(tables);
        Collections.reverse(reversed);
        try (Statement statement = connection.createStatement()) {
            for (Table table : reversed) {
                statement.executeUpdate("delete from " + TableDump.quoted(table.name()));
            }
        }
    }

    private long table(Connection connection, Table table) throws IOException, SQLException {
        String name = Backup.TABLES + table.name() + Backup.ROWS;
        @Nullable Long expected = manifest.rows().get(table.name());
        if (expected == null || zip.getEntry(name) == null) {
            throw damaged("it has no table " + table.name());
        }
        long count;
        try (BufferedReader in = reader(name)) {
            count = TableDump.read(connection, table, in);
        }
        if (!table.own().isEmpty()) {
            try (BufferedReader in = reader(name)) {
                TableDump.link(connection, table, in);
            }
        }
        if (count != expected) {
            throw damaged("its table " + table.name() + " has " + count + " rows instead of " + expected);
        }
        return count;
    }

    private BufferedReader reader(String name) throws IOException {
        return new BufferedReader(new InputStreamReader(entry(name), StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
