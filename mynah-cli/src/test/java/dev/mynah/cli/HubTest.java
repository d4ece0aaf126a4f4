package dev.mynah.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mynah.data.DatasetRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a local server that behaves like the hub, and then badly. */
class HubTest {
    private static final byte[] WEIGHTS = new byte[100_000];
    private static final String SHA256 = "8e9e1a2cd18b8ad3a2b6d9dd5c4a9c7f6c1a6f3f3b8d2ffb3f0a4fdbdc3ef1b0";

    @TempDir
    private Path root;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private Hub hub;
    private int failures;
    private boolean cuts;
    private String listing;

    @BeforeEach
    void start() throws IOException {
        for (int i = 0; i < WEIGHTS.length; i++) {
            WEIGHTS[i] = (byte) (i * 31 + i / 255);
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        URI mirror = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
        hub = new Hub(mirror, new HubCache(root), new Download(Duration.ofMillis(1)));
        listing = """
                [{"type":"directory","path":"onnx"},
                 {"type":"file","path":"config.json","size":2},
                 {"type":"file","path":"pytorch_model.bin","size":5},
                 {"type":"file","path":"model.safetensors","size":100000,"lfs":{"oid":"%s"}}]""".formatted(sha256(WEIGHTS));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String range = exchange.getRequestHeaders().getFirst("Range");
        requests.add(path + (range == null ? "" : " " + range));
        try (exchange) {
            if (failures > 0) {
                failures--;
                exchange.sendResponseHeaders(503, -1);
            } else if (path.equals("/api/models/bird/mynah/tree/main")) {
                send(exchange, 200, listing.getBytes(StandardCharsets.UTF_8));
            } else if (path.equals("/bird/mynah/resolve/main/config.json")) {
                send(exchange, 200, "{}".getBytes(StandardCharsets.UTF_8));
            } else if (path.equals("/bird/mynah/resolve/main/model.safetensors")) {
                exchange.getResponseHeaders().add("Location", "/cdn/blob");
                exchange.sendResponseHeaders(302, -1);
            } else if (path.equals("/cdn/blob")) {
                blob(exchange, range);
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private void blob(HttpExchange exchange, @Nullable String range) throws IOException {
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (cuts) {
            cuts = false;
            exchange.sendResponseHeaders(200, WEIGHTS.length);
            exchange.getResponseBody().write(WEIGHTS, 0, 40_000);
            exchange.getResponseBody().flush();
            return;
        }
        send(exchange, range == null ? 200 : 206, Arrays.copyOfRange(WEIGHTS, from, WEIGHTS.length));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private Path pull() throws IOException {
        return hub.pull("bird/mynah", (file, bytes, total) -> {});
    }

    @Test
    void fetchesWhatAModelNeeds() throws IOException {
        Path folder = pull();
        assertThat(folder).isEqualTo(root.resolve("models/bird/mynah"));
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(folder.resolve("config.json")).hasContent("{}");
        assertThat(folder.resolve("pytorch_model.bin")).doesNotExist();
        assertThat(new HubCache(root).model("bird/mynah")).isEqualTo(folder);
        requests.clear();
        assertThat(pull()).isEqualTo(folder);
        assertThat(requests).isEmpty();
    }

    @Test
    void goesOnWhereItWasCutOff() throws IOException {
        cuts = true;
        assertThat(pull().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(requests).anyMatch(request -> request.matches("/cdn/blob bytes=[1-9]\\d*-"));
    }

    @Test
    void goesOnWithWhatAnEarlierProcessLeft() throws IOException {
        Path partial = Files.createDirectories(root.resolve("models/bird/mynah.partial"));
        Files.write(partial.resolve("model.safetensors.part"), Arrays.copyOf(WEIGHTS, 77_777));
        assertThat(pull().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(requests).contains("/cdn/blob bytes=77777-");
    }

    @Test
    void aWrongChecksumLeavesNothing() {
        listing = listing.replace(sha256(WEIGHTS), SHA256);
        assertThatThrownBy(this::pull).isInstanceOf(IOException.class).hasMessageContaining("not " + SHA256);
        assertThat(root.resolve("models/bird/mynah")).doesNotExist();
        assertThat(root.resolve("models/bird/mynah.partial/model.safetensors.part"))
                .doesNotExist();
    }

    @Test
    void triesAgainWhenTheServerFails() throws IOException {
        failures = 3;
        assertThat(pull()).isDirectory();
        assertThatThrownBy(() -> {
                    failures = 100;
                    hub.pull("bird/other", (file, bytes, total) -> {});
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("status 503; gave up after 5 tries");
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertThatThrownBy(() -> hub.pull("bird/none", (file, bytes, total) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is nothing at")
                .hasMessageContaining("bird/none");
        listing = "[]";
        assertThatThrownBy(this::pull).hasMessageContaining("no weights in .safetensors or .gguf");
        listing = "<html>";
        assertThatThrownBy(this::pull).hasMessageContaining("is no listing of files");
    }

    @Test
    void aDataSetThatWasMadeNamesItsSources() throws IOException {
        DatasetRegistry datasets = DatasetRegistry.read(Path.of("../recipes/datasets.yaml"));
        assertThatThrownBy(() -> hub.pull(datasets.get("preferences"), (file, bytes, total) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "the data set preferences cannot be fetched: it is made from https://github.com/anthropics/hh-rlhf/");
        assertThat(root.resolve("datasets")).doesNotExist();
    }

    @Test
    void aDataSetIsFetchedAsItIs() throws IOException {
        DatasetRegistry datasets = DatasetRegistry.read(Files.writeString(root.resolve("datasets.yaml"), """
                bytes:
                  description: numbers
                  licence: CC0
                  format: txt
                  sources: [https://example.org]
                  note: none
                  files:
                    - name: made.gz
                      bytes: 1
                      sha256: none
                      original: {name: blob, bytes: 100000, sha256: %s, url: "%s"}
                """.formatted(
                        sha256(WEIGHTS), hub.mirror().resolve("/cdn/blob"))));
        Path folder = hub.pull(datasets.get("bytes"), (file, bytes, total) -> {});
        assertThat(folder.resolve("blob")).hasBinaryContent(WEIGHTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "ftp://host", "http://", "http://[", "https://host?x", "http://a b"})
    void aMirrorIsAnAddress(String mirror) {
        assertThatThrownBy(() -> PullCommand.parse(mirror)).hasMessageContaining("is no address like https://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../x", "a/../b", "/etc", "a/b/c", "a\\b", "", "a/..b"})
    void namesCannotLeadOutOfTheCache(String name) {
        assertThatThrownBy(() -> hub.pull(name, (file, bytes, total) -> {}))
                .hasMessageContaining("is no name of a model");
        assertThat(requests).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil.json", "/tmp/evil.json", "a/../../evil.json", "..\\\\evil.json"})
    void filesCannotLeadOutOfTheFolder(String path) throws IOException {
        listing = listing.replace("]", ",{\"type\":\"file\",\"path\":\"" + path + "\",\"size\":2}]");
        try (Stream<Path> files = Files.list(pull())) {
            assertThat(files.map(file -> file.getFileName().toString()).toList())
                    .containsExactlyInAnyOrder("config.json", "model.safetensors");
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
