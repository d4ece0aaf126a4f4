package dev.mynah.server.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.server.Multipart;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class FilesTest {
    // NIST's example of FIPS 180-4: SHA-256 of "abc".
    private static final String SHA_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static Multipart form(String purpose, String filename, String content) {
        return new Multipart()
                .field("purpose", purpose)
                .file("file", filename, content.getBytes(StandardCharsets.UTF_8));
    }

    private static Reply upload(TestServer server, String key, Multipart form) {
        return server.send(form.request(), "/v1/files", key);
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aFileIsKeptListedReadAndDeletedByItsOrganisationOnly(TestDatabase database) {
        TestServer server = TestServer.on(database);
        TestUser user = TestUser.onPlan(server, "free");
        TestUser stranger = TestUser.onPlan(server, "free");
        List<String> ids = new ArrayList<>();
        for (String purpose : List.of("fine-tune", "batch", "assistants")) {
            Reply made = upload(server, user.key(), form(purpose, "../../etc/pass\u0007wd", "abc"));
            assertThat(made.status()).as(made.body()).isEqualTo(200);
            JsonNode file = made.json();
            ids.add(file.get("id").stringValue());
            assertThat(file.get("object").stringValue()).isEqualTo("file");
            assertThat(file.get("bytes").intValue()).isEqualTo(3);
            assertThat(file.get("purpose").stringValue()).isEqualTo(purpose);
            assertThat(file.get("filename").stringValue()).isEqualTo("passwd");
            assertThat(file.get("sha256").stringValue()).isEqualTo(SHA_OF_ABC);
        }
        String first = "/v1/files/" + ids.getFirst();

        JsonNode page = server.get("/v1/files?limit=2", user.key()).json();
        assertThat(page.get("data").findValuesAsString("id")).containsExactly(ids.get(2), ids.get(1));
        assertThat(page.get("has_more").booleanValue()).isTrue();
        JsonNode rest = server.get(
                        "/v1/files?limit=2&after=" + page.get("last_id").stringValue(), user.key())
                .json();
        assertThat(rest.get("data").findValuesAsString("id")).containsExactly(ids.get(0));
        assertThat(rest.get("has_more").booleanValue()).isFalse();
        assertThat(server.get("/v1/files?purpose=batch&order=asc", user.key())
                        .json()
                        .get("data")
                        .findValuesAsString("id"))
                .containsExactly(ids.get(1));

        assertThat(server.get(first, user.key()).json().get("status").stringValue())
                .isEqualTo("processed");
        assertThat(server.get(first + "/content", user.key()).body()).isEqualTo("abc");
        for (String path : List.of(first, first + "/content")) {
            assertThat(server.get(path, stranger.key()).status()).as(path).isEqualTo(404);
        }
        assertThat(server.send("DELETE", first, stranger.key(), "").status()).isEqualTo(404);
        assertThat(server.get("/v1/files", stranger.key()).json().get("data")).isEmpty();

        assertThat(server.send("DELETE", first, user.key(), "")
                        .json()
                        .get("deleted")
                        .booleanValue())
                .isTrue();
        assertThat(server.get(first + "/content", user.key()).status()).isEqualTo(404);
        assertThat(server.send("DELETE", first, user.key(), "").status()).isEqualTo(404);
    }

    @Test
    void whatIsWrongIsRefusedByName() {
        TestServer server = TestServer.on(TestDatabase.H2);
        String key = TestUser.onPlan(server, "free").key();
        assertThat(upload(server, key, form("pictures", "a", "x"))
                        .json()
                        .at("/error/param")
                        .stringValue())
                .isEqualTo("purpose");
        assertThat(upload(server, key, form("batch_output", "a", "x")).status()).isEqualTo(400);
        assertThat(upload(server, key, form("batch", "a", ""))
                        .json()
                        .at("/error/message")
                        .stringValue())
                .contains("empty");
        assertThat(upload(server, key, form("batch", "a", "x").field("colour", "red"))
                        .json()
                        .at("/error/code")
                        .stringValue())
                .isEqualTo("unknown_parameter");
        assertThat(upload(server, key, new Multipart().field("purpose", "batch"))
                        .json()
                        .at("/error/param")
                        .stringValue())
                .isEqualTo("file");
        assertThat(upload(server, key, form("batch", "a", "x").file("other", "b", new byte[1]))
                        .status())
                .isEqualTo(400);
        assertThat(upload(
                                server,
                                key,
                                form("batch", "a", "x")
                                        .field("expires_after[anchor]", "created_at")
                                        .field("expires_after[seconds]", "5"))
                        .status())
                .isEqualTo(400);
        assertThat(server.post("/v1/files", key, "{'purpose': 'batch'}").status())
                .isEqualTo(415);
        assertThat(server.get("/v1/files?limit=0", key).status()).isEqualTo(400);
        assertThat(server.get("/v1/files?order=up", key).status()).isEqualTo(400);
        assertThat(server.get("/v1/files/..%2f..%2fmynah.mv.db", key).status()).isIn(400, 404);
        assertThat(server.get("/v1/files/file-0/content", key).status()).isEqualTo(404);
    }

    @Test
    void limitsHoldForOneFileAndForAllOfThemHoweverManyComeAtOnce(@TempDir Path dataDir) throws Exception {
        Map<String, String> small = Map.of("MYNAH_FILES_MAX_BYTES", "100000", "MYNAH_FILES_QUOTA_BYTES", "200000");
        TestServer server = TestServer.start(dataDir, small);
        try {
            String key = TestUser.onPlan(server, "free").key();
            Reply large = upload(server, key, form("batch", "a", "x".repeat(5_000_000)));
            assertThat(large.status()).isEqualTo(413);
            assertThat(large.json().at("/error/message").stringValue()).contains("100000");
            Reply aLittle = upload(server, key, form("batch", "a", "x".repeat(100_001)));
            assertThat(aLittle.status()).isEqualTo(413);
            assertThat(aLittle.json().at("/error/message").stringValue()).contains("100000");
            assertThat(Files.exists(dataDir.resolve("files"))).isFalse();

            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Callable<Integer> one = () -> upload(server, key, form("batch", "a", "x".repeat(90_000)))
                        .status();
                List<Integer> answers = new ArrayList<>();
                for (Future<Integer> answer : threads.invokeAll(List.of(one, one, one, one))) {
                    answers.add(answer.get());
                }
                assertThat(answers).containsExactlyInAnyOrder(200, 200, 413, 413);
            }
            assertThat(list(dataDir)).hasSize(2);
            // What a kill left has no row, and is cleared away when it is old; what has one stays.
            Files.writeString(dataDir.resolve("files/file-0"), "left behind");
            for (Path file : list(dataDir)) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
            }
            server.bean(StoredFiles.class).clear();
            assertThat(list(dataDir)).hasSize(2);
            JsonNode rows = server.get("/v1/files", key).json().get("data");
            assertThat(rows).hasSize(2);

            for (Path file : list(dataDir)) {
                Files.delete(file);
            }
            assertThat(server.get("/v1/files/" + rows.get(0).get("id").stringValue() + "/content", key)
                            .status())
                    .isEqualTo(404);
            Files.delete(dataDir.resolve("files"));
            Files.writeString(dataDir.resolve("files"), "no folder");
            Reply failed = upload(server, key, form("user_data", "a", "x"));
            assertThat(failed.status()).isEqualTo(500);
            assertThat(failed.json().at("/error/type").stringValue()).isEqualTo("server_error");
        } finally {
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void anUploadIsPutTogetherWhileNobodyWaitsForItsRow(TestDatabase database) {
        TestServer server = TestServer.on(database);
        TestUser user = TestUser.onPlan(server, "free");
        JsonNode made = server.post(
                        "/v1/uploads",
                        user.key(),
                        "{'filename': 'a', 'purpose': 'user_data', 'bytes': 3, 'mime_type': 'text/plain'}")
                .json();
        String upload = made.get("id").stringValue();
        String path = "/v1/uploads/" + upload;
        JsonNode part = server.send(
                        new Multipart()
                                .file("data", "part", "abc".getBytes(StandardCharsets.UTF_8))
                                .request(),
                        path + "/parts",
                        user.key())
                .json();
        // Which is asked for its stream as the parts are copied.
        List<String> order = new AbstractList<>() {
            @Override
            public String get(int index) {
                return part.get("id").stringValue();
            }

            @Override
            public int size() {
                return 1;
            }

            @Override
            public Stream<String> stream() {
                assertThat(server.post(path + "/complete", user.key(), "{'part_ids': ['" + get(0) + "']}")
                                .body())
                        .contains("is being completed");
                assertThat(server.post(path + "/cancel", user.key(), "{}").status())
                        .isEqualTo(200);
                return super.stream();
            }
        };
        Uploads uploads = server.bean(Uploads.class);
        assertThatThrownBy(() -> uploads.complete(upload, user.caller(), order, null))
                .hasMessageContaining("is cancelled");
        assertThat(server.get("/v1/files", user.key()).json().get("data")).isEmpty();
    }

    private static List<Path> list(Path dataDir) throws Exception {
        try (var files = Files.list(dataDir.resolve("files"))) {
            return files.toList();
        }
    }
}
