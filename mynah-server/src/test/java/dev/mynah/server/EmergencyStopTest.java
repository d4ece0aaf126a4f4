package dev.mynah.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.store.ServerSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EmergencyStopTest {
    private static final String STOP = "/api/admin/stop";
    private static final String CHAT = "/v1/chat/completions";

    private final Path first;
    private final Path second;

    EmergencyStopTest(@TempDir Path folder) {
        first = folder.resolve("first");
        second = folder.resolve("second");
    }

    private static CompletableFuture<Reply> running(TestServer server, String key, String... more)
            throws InterruptedException {
        CompletableFuture<Reply> reply =
                CompletableFuture.supplyAsync(() -> server.post(CHAT, key, TestServer.chat("count 1500 20", more)));
        while (server.engine().running() == 0) {
            Thread.sleep(5);
        }
        return reply;
    }

    private static void awaitSilence(TestServer server) throws InterruptedException {
        long start = System.nanoTime();
        while (server.engine().running() > 0 && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(20)) {
            Thread.sleep(5);
        }
        assertThat(server.engine().running()).isZero();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void whatRunsEndsAndWhatIsNewIsRefusedUntilItIsTakenBack(TestDatabase database) throws Exception {
        Map<String, String> environment = database.environment();
        TestServer server = TestServer.start(first, environment);
        String key = server.adminKey();
        CompletableFuture<Reply> running = running(server, key);
        assertThat(server.get("/api/admin/status", key).json().get("running").longValue())
                .isEqualTo(1);
        String line = "{'custom_id': 'a', 'method': 'POST', 'url': '/v1/chat/completions', 'body': "
                + TestServer.chat("count 100 20") + "}";
        String file = Multipart.upload(server, key, "batch", line.replace('\'', '"'));
        String batch = "/v1/batches/"
                + server.post(
                                "/v1/batches",
                                key,
                                "{'input_file_id': '" + file
                                        + "', 'endpoint': '/v1/chat/completions', 'completion_window': '24h'}")
                        .json()
                        .get("id")
                        .stringValue();
        while (server.engine().running() < 2) {
            Thread.sleep(5);
        }
        Reply stopped = server.send("PUT", STOP, key, "{'stopped': true}");

        assertThat(stopped.json().get("stopped").booleanValue()).isTrue();
        awaitSilence(server);
        assertThat(running.get().status()).isEqualTo(503);
        server.close();

        TestServer again = TestServer.start(first, environment);
        Reply refused = again.post(CHAT, key, TestServer.chat("echo a"));
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.json().at("/error/code").stringValue()).isEqualTo("service_stopped");
        assertThat(refused.json().at("/error/type").stringValue()).isEqualTo("server_error");
        again.send("PUT", STOP, key, "{'stopped': false}");
        assertThat(again.post(CHAT, key, TestServer.chat("echo a")).status()).isEqualTo(200);
        assertThat(again.get("/api/admin/audit", key).body()).contains("service.stop", "service.resume");
        // The line of the batch that was stopped is asked again.
        while (again.get(batch, key).json().get("status").stringValue().equals("in_progress")) {
            Thread.sleep(20);
        }
        assertThat(again.get(batch, key).json().at("/request_counts/completed").intValue())
                .isEqualTo(1);
        assertThat(again.audit().isClean()).isTrue();
        again.close();
    }

    @Test
    void otherReplicasStopToo() throws IOException, InterruptedException {
        Map<String, String> environment = TestDatabase.POSTGRES.environment();
        TestServer one = TestServer.start(first, environment);
        Files.createDirectories(second);
        Files.copy(first.resolve(ServerSecret.FILE), second.resolve(ServerSecret.FILE));
        TestServer other = TestServer.start(second, environment);
        CompletableFuture<Reply> stream = running(other, one.adminKey(), "'stream': true");
        one.send("PUT", STOP, one.adminKey(), "{'stopped': true}");

        awaitSilence(other);
        assertThat(stream.join().events())
                .last()
                .asString()
                .contains("server_error")
                .contains("service_stopped");
        assertThat(other.post(CHAT, one.adminKey(), TestServer.chat("echo a")).status())
                .isEqualTo(503);
        one.close();
        other.close();
    }
}
