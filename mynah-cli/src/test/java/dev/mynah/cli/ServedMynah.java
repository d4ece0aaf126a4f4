package dev.mynah.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code mynah serve} in a process of its own, as an operator starts it, over a tiny model. */
final class ServedMynah implements AutoCloseable {
    private static final String BOUNDARY = "a-boundary-of-the-tests";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final JsonNode ready;
    private final String key;

    private ServedMynah(Process process, JsonNode ready, String key) {
        this.process = process;
        this.ready = ready;
        this.key = key;
    }

    /** @param key of an earlier start on the same data, or empty */
    static ServedMynah start(Path dataDir, Map<String, String> environment, String key) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                "-Xmx400m",
                "-cp",
                System.getProperty("java.class.path"),
                Mynah.class.getName(),
                "serve",
                "--model",
                Cli.LLAMA.toString(),
                "--port",
                "0",
                "--data-dir",
                dataDir.toString(),
                "--json"));
        builder.environment().putAll(environment);
        Process process = builder.redirectError(
                        dataDir.resolveSibling("serve.log").toFile())
                .start();
        BufferedReader out = process.inputReader();
        JsonNode ready = JsonMapper.shared().readTree(out.readLine());
        return new ServedMynah(
                process, ready, key.isEmpty() ? ready.get("api_key").stringValue() : key);
    }

    /** A key of the administrator. */
    String key() {
        return key;
    }

    /** As {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    JsonNode get(String path) throws Exception {
        return JsonMapper.shared().readTree(text(path));
    }

    String text(String path) throws Exception {
        return send(request(path).GET());
    }

    /** Posts JSON, in which quotes may be written as apostrophes. */
    JsonNode post(String path, String json) throws Exception {
        return JsonMapper.shared()
                .readTree(send(request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json.replace('\'', '"')))));
    }

    /** Uploads a file, and tells its id. */
    String upload(String purpose, String content) throws Exception {
        String form = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n" + purpose
                + "\r\n--" + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"data.jsonl\"\r\n\r\n" + content
                + "\r\n--" + BOUNDARY + "--\r\n";
        return JsonMapper.shared()
                .readTree(send(request("/v1/files")
                        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(form.getBytes(StandardCharsets.UTF_8)))))
                .get("id")
                .stringValue();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(ready.get("url").stringValue() + path))
                .header("Authorization", "Bearer " + key);
    }

    private String send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
