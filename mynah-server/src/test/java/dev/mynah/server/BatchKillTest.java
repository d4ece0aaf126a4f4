package dev.mynah.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.TestServer.Reply;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A service is killed while it works on a batch; the next one goes on. */
class BatchKillTest {
    private static final int LINES = 60;
    private static final int TOKENS = 5;

    @TempDir
    private Path dataDir;

    @Test
    void noLineIsAnsweredTwiceOrChargedTwice() throws Exception {
        String[] ready;
        String id;
        Process child = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx400m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChildServer.class.getName(),
                        dataDir.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = child.inputReader()) {
            ready = out.readLine().split(" ");
            id = begin(ready[0], ready[1]);
            while (completed(ready[0], ready[1], id) < 5) {
                Thread.sleep(10);
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        String key = ready[1];
        TestServer server = TestServer.start(dataDir, Map.of());
        try {
            JsonNode batch = server.get("/v1/batches/" + id, key).json();
            assertThat(batch.at("/request_counts/completed").intValue()).isBetween(5, LINES - 1);
            while (batch.get("status").stringValue().equals("in_progress")) {
                Thread.sleep(20);
                batch = server.get("/v1/batches/" + id, key).json();
            }
            Reply output = server.get("/v1/files/" + batch.get("output_file_id").stringValue() + "/content", key);
            assertThat(output.body()
                            .lines()
                            .map(line -> JsonMapper.shared()
                                    .readTree(line)
                                    .get("custom_id")
                                    .stringValue()))
                    .containsExactlyElementsOf(
                            IntStream.range(0, LINES).mapToObj(i -> "id-" + i).toList());
            JsonNode usage = server.get("/v1/usage", key).json();
            // And the end of each answer, which is a token too.
            assertThat(usage.at("/total/completion_tokens").longValue()).isEqualTo((long) LINES * (TOKENS + 1));
            assertThat(server.audit().isClean()).isTrue();
        } finally {
            server.close();
        }
    }

    private static String begin(String url, String key) throws Exception {
        String lines = IntStream.range(0, LINES)
                .mapToObj(i -> "{'custom_id': 'id-%d', 'method': 'POST', 'url': '/v1/chat/completions', 'body': %s}\n"
                        .formatted(i, TestServer.chat("count " + TOKENS + " 10"))
                        .replace('\'', '"'))
                .collect(Collectors.joining());
        String file = send(
                        url + "/v1/files",
                        key,
                        new Multipart()
                                .field("purpose", "batch")
                                .file("file", "a.jsonl", lines.getBytes(StandardCharsets.UTF_8))
                                .request())
                .get("id")
                .stringValue();
        String body =
                "{\"input_file_id\": \"%s\", \"endpoint\": \"/v1/chat/completions\", \"completion_window\": \"24h\"}"
                        .formatted(file);
        return send(
                        url + "/v1/batches",
                        key,
                        HttpRequest.newBuilder()
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body)))
                .get("id")
                .stringValue();
    }

    private static int completed(String url, String key, String id) throws Exception {
        return send(url + "/v1/batches/" + id, key, HttpRequest.newBuilder().GET())
                .at("/request_counts/completed")
                .intValue();
    }

    private static JsonNode send(String address, String key, HttpRequest.Builder request) throws Exception {
        HttpRequest whole = request.uri(URI.create(address))
                .header("Authorization", "Bearer " + key)
                .build();
        return JsonMapper.shared()
                .readTree(HttpClient.newHttpClient()
                        .send(whole, HttpResponse.BodyHandlers.ofString())
                        .body());
    }
}
