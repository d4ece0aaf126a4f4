package dev.mynah.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.ops.AuditReport;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ShutdownTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path dataDir;

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aServiceThatIsToldToEndFinishesWhatItSays(TestDatabase database) throws Exception {
        Map<String, String> environment = new HashMap<>(database.environment());
        environment.put("MYNAH_SHUTDOWN_GRACE_SECONDS", "600");
        Process child = ChildServer.start(dataDir, environment);
        try (BufferedReader out = child.inputReader()) {
            String[] ready = out.readLine().split(" ");
            HttpRequest request =
                    post(ready, "/v1/chat/completions", TestServer.chat("count 150 10", "'stream': true"));
            List<String> events = new ArrayList<>();
            try (Stream<String> lines =
                    http.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
                Iterator<String> each = lines.filter(line -> !line.isEmpty()).iterator();
                events.add(each.next());
                events.add(each.next());

                child.destroy();

                each.forEachRemaining(events::add);
            }
            assertThat(child.waitFor()).isEqualTo(143);
            assertThat(events)
                    .filteredOn(line -> line.contains("\"content\":\"x\""))
                    .hasSize(150);
            assertThat(events.getLast()).isEqualTo("data: [DONE]");
        } finally {
            child.destroyForcibly();
        }
        AuditReport report = Maintenance.on(dataDir, environment).audit();
        assertThat(report.isClean()).as(report.toString()).isTrue();
        assertThat(report.swept()).isZero();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void whatHasNoTimeToEndIsKeptAsInterrupted(TestDatabase database) throws Exception {
        Map<String, String> environment = new HashMap<>(database.environment());
        environment.put("MYNAH_SHUTDOWN_GRACE_SECONDS", "0");
        Process child = ChildServer.start(dataDir, environment);
        String[] ready;
        String messages;
        try (BufferedReader out = child.inputReader()) {
            ready = out.readLine().split(" ");
            String conversation = send(post(ready, "/api/conversations", "{'model': 'stub'}"))
                    .get("id")
                    .stringValue();
            messages = "/api/conversations/" + conversation + "/messages";
            JsonNode answer =
                    send(post(ready, messages, "{'content': 'count 1900 20'}")).get("answer");
            HttpRequest stream = get(ready, messages + "/" + answer.get("id").stringValue() + "/stream");
            try (Stream<String> lines =
                    http.send(stream, HttpResponse.BodyHandlers.ofLines()).body()) {
                Iterator<String> each =
                        lines.filter(line -> line.contains("\"text\"")).iterator();
                each.next();

                child.destroy();

                while (each.hasNext()) {
                    each.next();
                }
            }
            assertThat(child.waitFor()).isEqualTo(143);
        } finally {
            child.destroyForcibly();
        }
        try (Server again =
                Server.start(new ServerOptions(0, dataDir, environment), TestServer.provider(new StubEngine()))) {
            JsonNode kept = send(get(new String[] {again.url(), ready[1]}, messages))
                    .get("data")
                    .get(1);
            assertThat(kept.get("state").stringValue()).isEqualTo("interrupted");
            assertThat(kept.get("content").stringValue()).matches("x+");
            AuditReport report = Maintenance.on(dataDir, environment).audit();
            assertThat(report.isClean()).as(report.toString()).isTrue();
        }
    }

    private JsonNode send(HttpRequest request) throws Exception {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return JsonMapper.shared().readTree(response.body());
    }

    private static HttpRequest post(String[] ready, String path, String json) {
        return request(ready, path)
                .POST(HttpRequest.BodyPublishers.ofString(json.replace('\'', '"')))
                .build();
    }

    private static HttpRequest get(String[] ready, String path) {
        return request(ready, path).build();
    }

    private static HttpRequest.Builder request(String[] ready, String path) {
        return HttpRequest.newBuilder(URI.create(ready[0] + path))
                .header("Authorization", "Bearer " + ready[1])
                .header("Content-Type", "application/json");
    }
}
