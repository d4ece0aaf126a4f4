package dev.mynah.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.ops.AuditReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class UpgradeTest {
    @TempDir
    private Path folder;

    @Test
    void anOlderDataFolderIsBackedUpAndUpgraded() throws Exception {
        Path old = folder.resolve("old");
        copy(old);
        check(old, Map.of());

        // What was backed up is still of the old version, and comes back as one that is upgraded in its turn.
        Path backup = backup(old);
        for (TestDatabase database : TestDatabase.values()) {
            Path restored = folder.resolve(database.name());
            Map<String, String> environment = database.environment();
            AuditReport report = Maintenance.restore(backup, restored, environment);
            assertThat(report.isClean()).as(report.toString()).isTrue();
            check(restored, environment);
            assertThat(backup(restored)).isNotEmptyFile();
        }
    }

    /** The one that was made before the upgrade. */
    private static Path backup(Path dataDir) throws IOException {
        try (Stream<Path> all = Files.list(dataDir.resolve("backups"))) {
            List<Path> files = all.toList();
            assertThat(files)
                    .singleElement()
                    .satisfies(file ->
                            assertThat(file.getFileName().toString()).matches("before-migration-of-7-[0-9]{14}\\.zip"));
            return files.getFirst();
        }
    }

    /** Opens a data folder, and looks whether what was in it is there. */
    private static void check(Path dataDir, Map<String, String> environment) throws IOException {
        TestServer server = TestServer.start(dataDir, environment);
        try {
            AuditReport report = server.audit();
            assertThat(report.isClean()).as(report.toString()).isTrue();
            assertThat(report.entries()).isEqualTo(8);
            String key = Maintenance.on(dataDir, environment).createKey("admin@localhost", "test");
            JsonNode kept =
                    server.get("/api/conversations", key).json().get("data").get(0);
            assertThat(kept.get("title").stringValue()).isEqualTo("Kept since version 7");
            String messages = "/api/conversations/" + kept.get("id").stringValue() + "/messages";
            assertThat(server.get(messages, key).json().get("data")).hasSize(2);
            assertThat(server.get("/v1/usage", key)
                            .json()
                            .get("wallet")
                            .get("balance")
                            .longValue())
                    .isEqualTo(999_999_981);
        } finally {
            server.close();
        }
    }

    private static void copy(Path target) throws IOException {
        Files.createDirectories(target);
        for (String name : new String[] {"mynah.mv.db", "secret.key"}) {
            try (InputStream in = UpgradeTest.class.getResourceAsStream("version-7/" + name)) {
                Files.copy(in, target.resolve(name));
            }
        }
    }
}
