package dev.mynah.server.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.Multipart;
import dev.mynah.server.TestServer;
import dev.mynah.server.ops.AuditLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class RetentionTest {
    @TempDir
    private Path dataDir;

    @Test
    void whatIsOldGoesAndTheRestStays() throws Exception {
        Files.writeString(
                dataDir.resolve("mynah.yaml"),
                "retention: {archived_conversation_days: 30, response_days: 10, file_days: 20}");
        TestServer server = TestServer.start(dataDir, Map.of());
        try {
            String archived = conversation(server);
            String other = conversation(server);
            server.send("PATCH", "/api/conversations/" + archived, server.adminKey(), "{'archived': true}");
            String response = "/v1/responses/"
                    + server.post("/v1/responses", server.adminKey(), "{'model': 'stub', 'input': 'echo a'}")
                            .json()
                            .get("id")
                            .stringValue();
            String file = "/v1/files/" + Multipart.upload(server, server.adminKey(), "user_data", "some text");
            RetentionJob job = server.bean(RetentionJob.class);
            JdbcClient jdbc = server.bean(JdbcClient.class);
            jdbc.sql(
                            "insert into login_failure (subject, failures, last_at) values ('address:x', 1, current_timestamp)")
                    .update();
            String failures = "select count(*) from login_failure where subject = 'address:x'";

            job.run(Instant.now().plus(Duration.ofHours(23)));
            assertThat(jdbc.sql(failures).query(Long.class).single()).isEqualTo(1);
            job.run(Instant.now().plus(Duration.ofHours(25)));
            assertThat(jdbc.sql(failures).query(Long.class).single()).isZero();
            job.run(Instant.now().plus(Duration.ofDays(9)));
            assertThat(server.get(response, server.adminKey()).status()).isEqualTo(200);
            job.run(Instant.now().plus(Duration.ofDays(19)));
            assertThat(server.get(response, server.adminKey()).status()).isEqualTo(404);
            assertThat(server.get(file, server.adminKey()).status()).isEqualTo(200);
            job.run(Instant.now().plus(Duration.ofDays(29)));
            assertThat(server.get(file, server.adminKey()).status()).isEqualTo(404);
            assertThat(status(server, archived)).isEqualTo(200);
            job.run(Instant.now().plus(Duration.ofDays(31)));

            assertThat(status(server, archived)).isEqualTo(404);
            assertThat(status(server, other)).isEqualTo(200);
            assertThat(server.bean(AuditLog.class)
                            .page(
                                    new AuditLog.Filter(
                                            "", "", Instant.EPOCH, Instant.now().plus(Duration.ofDays(1))),
                                    "",
                                    10))
                    .filteredOn(event -> event.action().equals("retention.delete"))
                    .allSatisfy(event -> assertThat(event.detail()).startsWith("1 rows from before "))
                    .extracting(AuditLog.Event::subject)
                    .containsExactlyInAnyOrder("conversation", "login_failure", "response", "stored_file");
            assertThat(server.audit().isClean()).isTrue();
        } finally {
            server.close();
        }
    }

    private static String conversation(TestServer server) {
        JsonNode made = server.post("/api/conversations", server.adminKey(), "{'model': 'stub'}")
                .json();
        return made.get("id").stringValue();
    }

    private static int status(TestServer server, String id) {
        return server.get("/api/conversations/" + id, server.adminKey()).status();
    }
}
