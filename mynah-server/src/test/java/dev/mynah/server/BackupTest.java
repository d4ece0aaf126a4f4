package dev.mynah.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.backup.Backup;
import dev.mynah.server.ops.AuditReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class BackupTest {
    private static final String CHAT = "/v1/chat/completions";

    @TempDir
    private Path folder;

    /** Of a service that runs, into each kind of database: what it said, its keys and its books are there again. */
    @ParameterizedTest
    @CsvSource({"H2, H2", "POSTGRES, POSTGRES", "H2, POSTGRES", "POSTGRES, H2"})
    void whatWasBackedUpComesBack(TestDatabase from, TestDatabase to) throws Exception {
        Path dataDir = folder.resolve("data");
        Map<String, String> environment = from.environment();
        Path file = folder.resolve("backup.zip");
        String key;
        AuditReport before;
        JsonNode usage;
        String messages;
        JsonNode said;
        TestServer server = TestServer.start(dataDir, environment);
        try {
            key = server.adminKey();
            server.post(CHAT, key, TestServer.chat("echo abc"));
            messages = talk(server, key);
            said = server.get(messages, key).json();
            usage = server.get("/v1/usage", key).json().get("data");
            Files.createDirectories(dataDir.resolve("files/a"));
            Files.writeString(dataDir.resolve("files/a/b"), "kept");
            before = server.audit();

            Backup.Result written = Maintenance.on(dataDir, environment).backup(file);

            assertThat(written.rows()).isGreaterThan(20);
        } finally {
            server.close();
        }

        Path restored = folder.resolve("restored");
        Map<String, String> other = to.environment();
        AuditReport after = Maintenance.restore(file, restored, other);

        assertThat(after.isClean()).as(after.toString()).isTrue();
        assertThat(after).isEqualTo(before);
        assertThat(restored.resolve("files/a/b")).hasContent("kept");
        TestServer again = TestServer.start(restored, other);
        try {
            assertThat(again.get("/v1/usage", key).json().get("data")).isEqualTo(usage);
            assertThat(again.get(messages, key).json()).isEqualTo(said);
            assertThat(again.post(CHAT, key, TestServer.chat("echo abc")).status())
                    .isEqualTo(200);
        } finally {
            again.close();
        }
        assertThatThrownBy(() -> Maintenance.restore(file, restored, other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has a service's data already");
    }

    /** A conversation with a branch, so that messages refer to each other; gives the address of its messages. */
    private static String talk(TestServer server, String key) throws InterruptedException {
        String id = server.post("/api/conversations", key, "{'model': 'stub'}")
                .json()
                .get("id")
                .stringValue();
        String messages = "/api/conversations/" + id + "/messages";
        Reply asked = server.post(messages, key, "{'content': 'echo one'}");
        String answer = asked.json().get("answer").get("id").stringValue();
        server.get(messages + "/" + answer + "/stream", key);
        String second = server.post(messages + "/" + answer + "/regenerate", key, "{}")
                .json()
                .get("answer")
                .get("id")
                .stringValue();
        server.get(messages + "/" + second + "/stream", key);
        while (server.get(messages, key).body().contains("running")) {
            Thread.sleep(20);
        }
        return messages;
    }

    @Test
    void whatIsDamagedIsRefusedBeforeAnythingIsWritten() throws Exception {
        Path dataDir = folder.resolve("data");
        Path file = folder.resolve("backup.zip");
        TestServer.start(dataDir, Map.of()).close();
        Maintenance.on(dataDir, Map.of()).backup(file);

        assertThatThrownBy(() -> Maintenance.on(dataDir, Map.of()).backup(file))
                .isInstanceOf(FileAlreadyExistsException.class);

        change(file, "tables/plan.jsonl", "[\"id\"]\n");
        refused(file, "has not the checksum that it should have");
        change(file, "files/../../outside", "x");
        refused(file, "has not the entries that its manifest.json names");
        Files.writeString(file, "no ZIP");
        refused(file, "is no back-up");
    }

    private void refused(Path file, String sentence) {
        Path target = folder.resolve("target");
        assertThatThrownBy(() -> Maintenance.restore(file, target, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
        assertThat(target.resolve("secret.key")).doesNotExist();
        assertThat(target.resolve("mynah.mv.db")).doesNotExist();
    }

    private static void change(Path zip, String name, String content) throws IOException {
        try (FileSystem entries = FileSystems.newFileSystem(zip, new HashMap<>())) {
            Path entry = entries.getPath(name);
            if (entry.getParent() != null) {
                Files.createDirectories(entry.getParent());
            }
            Files.write(entry, content.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void whoHasTheDataFolderComesIn() throws Exception {
        Path dataDir = folder.resolve("data");
        TestServer server = TestServer.start(dataDir, Map.of());
        try {
            Maintenance maintenance = Maintenance.on(dataDir, Map.of());
            String key = maintenance.createKey("admin@localhost", "test");
            assertThat(server.get("/api/admin/status", key).status()).isEqualTo(200);

            String password = maintenance.resetPassword("admin@localhost");
            Browser browser = new Browser(server);
            Reply reply = browser.post(
                    "/api/account/sign-in", "{'email': 'admin@localhost', 'password': '" + password + "'}");
            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
            assertThatThrownBy(() -> maintenance.createKey("nobody@example.com", "x"))
                    .hasMessage("there is no user nobody@example.com");
        } finally {
            server.close();
        }
    }
}
