package dev.mynah.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.ops.AuditReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class KillTest {
    private static final int CLIENTS = 12;
    private static final int PAUSE_MILLIS = 20;

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path dataDir;

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void afterAKillTheBooksAddUpAndWhatWasDeliveredIsCharged(TestDatabase database) throws Exception {
        Map<String, String> environment = database.environment();
        AtomicInteger delivered = new AtomicInteger();
        String key = killWhileAnswering(environment, delivered);
        try (Server again =
                Server.start(new ServerOptions(0, dataDir, environment), TestServer.provider(new StubEngine()))) {
            long charged = charged(again, key);

            // At most 100 milliseconds of what each client was shown are lost; nothing more is charged.
            int most = CLIENTS * (100 / PAUSE_MILLIS + 1);
            assertThat(charged).isBetween((long) delivered.get() - most, (long) delivered.get());
            AuditReport report = Maintenance.on(dataDir, environment).audit();
            assertThat(report.isClean()).as(report.toString()).isTrue();
        }
    }

    /** Starts a service, lets clients read from it, and kills it; gives the key that they used. */
    private String killWhileAnswering(Map<String, String> environment, AtomicInteger delivered) throws Exception {
        Process child = ChildServer.start(dataDir, environment);
        List<Thread> clients = new ArrayList<>();
        String[] ready;
        try (BufferedReader out = child.inputReader()) {
            ready = out.readLine().split(" ");
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(Thread.ofVirtual().start(() -> read(ready[0], ready[1], delivered)));
            }
            while (delivered.get() < CLIENTS * 30) {
                Thread.sleep(1);
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        for (Thread client : clients) {
            client.join();
        }
        return ready[1];
    }

    /** Counts the tokens that a client is shown, until the connection breaks. */
    private void read(String url, String key, AtomicInteger delivered) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        TestServer.chat("count 1900 " + PAUSE_MILLIS, "'stream': true")
                                .replace('\'', '"')))
                .build();
        try (Stream<String> lines =
                http.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
            lines.filter(line -> line.contains("\"content\":\"x\"")).forEach(line -> delivered.incrementAndGet());
        } catch (IOException | RuntimeException e) {
            // Killed, as it should be.
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the second service charges for the answers of the first, once all of them are settled. */
    private long charged(Server server, String key) throws Exception {
        while (true) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/v1/usage"))
                    .header("Authorization", "Bearer " + key)
                    .build();
            JsonNode usage = JsonMapper.shared()
                    .readTree(http.send(request, HttpResponse.BodyHandlers.ofString())
                            .body());
            if (usage.get("wallet").get("held").longValue() == 0) {
                return usage.get("total").get("completion_tokens").longValue();
            }
            Thread.sleep(200);
        }
    }
}
