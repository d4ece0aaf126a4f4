package dev.mynah.server;

import dev.mynah.engine.TextCodec;
import dev.mynah.model.SamplingDefaults;
import dev.mynah.server.account.Administrators.FirstStart;
import dev.mynah.server.finetuning.FineTuningOptions;
import dev.mynah.server.ops.AuditReport;
import dev.mynah.server.provider.LocalProvider;
import dev.mynah.server.provider.ModelProvider;
import dev.mynah.server.provider.Prompt;
import dev.mynah.text.chat.ChatMessage;
import dev.mynah.text.chat.ToolDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A service over a {@link StubEngine}, one for each database, that all tests share. */
public final class TestServer {
    /** The model's name. */
    public static final String MODEL = "stub";

    // What {@link #MODEL} is fine-tuned of, by a trainer that learns nothing.
    private static final Path LLAMA = Path.of("..", "mynah-engine", "src", "test", "resources", "fixtures", "llama");

    /** Where PostgreSQL stands in for the embedded database, by the folder that would hold that. */
    private static final Map<Path, Map<String, String>> DATABASES = new ConcurrentHashMap<>();

    private static final Map<TestDatabase, TestServer> SERVERS = new EnumMap<>(TestDatabase.class);

    private final StubEngine engine = new StubEngine();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Server server;
    private final Optional<FirstStart> first;

    private final Path dataDir;
    private final Map<String, String> environment;

    private TestServer(Path dataDir, Map<String, String> environment, ModelProvider... more) throws IOException {
        this.dataDir = dataDir;
        Map<String, String> all = new HashMap<>();
        if (TestDatabase.isPostgresForAll() && !environment.containsKey("MYNAH_DATABASE_URL")) {
            all.putAll(DATABASES.computeIfAbsent(dataDir, _ -> TestDatabase.POSTGRES.environment()));
        }
        all.putAll(environment);
        this.environment = all;
        ModelProvider[] providers =
                Stream.concat(Stream.of(provider(engine)), Arrays.stream(more)).toArray(ModelProvider[]::new);
        FineTuningOptions training = new FineTuningOptions(
                List.of(StubTrainer.class.getName()), System.getProperty("java.class.path"), Map.of(MODEL, LLAMA));
        server = Server.start(
                new ServerOptions(
                        0,
                        dataDir,
                        dataDir.resolve("runs"),
                        training,
                        (name, folder) -> provider(name, new StubEngine()),
                        all),
                providers);
        first = server.firstStart();
    }

    /** A server of a test's own, which it closes, with further models. */
    public static TestServer start(Path dataDir, Map<String, String> environment, ModelProvider... more)
            throws IOException {
        return new TestServer(dataDir, environment, more);
    }

    public void close() {
        server.close();
    }

    /** A provider of {@link #MODEL}. */
    public static LocalProvider provider(StubEngine engine) {
        return provider(MODEL, engine);
    }

    /** A provider of one model, in whose prompts each message is a line that begins with its role. */
    public static LocalProvider provider(String model, StubEngine engine) {
        ByteTokenizer tokenizer = new ByteTokenizer();
        TextCodec codec = new TextCodec(tokenizer, -1, Set.of(tokenizer.eosId()), SamplingDefaults.NONE);
        return new LocalProvider(model, engine, codec, prompt -> switch (prompt) {
            case Prompt.Chat chat -> tokenizer.encode(text(chat));
            case Prompt.Gap gap -> tokenizer.encode(gap.before() + "[gap]" + gap.after());
            case Prompt.Text text -> tokenizer.encode(text.text());
            case Prompt.Tokens tokens ->
                tokens.ids().stream().mapToInt(Integer::intValue).toArray();
        });
    }

    private static String text(Prompt.Chat chat) {
        String tools = chat.tools().isEmpty()
                ? ""
                : chat.tools().stream().map(ToolDefinition::name).collect(Collectors.joining(", ", "tools: ", "\n"));
        String lines = chat.messages().stream().map(TestServer::line).collect(Collectors.joining());
        return tools + (chat.begun() ? lines.substring(0, lines.length() - 1) : lines);
    }

    private static String line(ChatMessage message) {
        String calls = message.toolCalls().stream()
                .map(call -> call.id() + "=" + call.name() + call.arguments())
                .collect(Collectors.joining(","));
        String id = message.toolCallId() == null ? "" : message.toolCallId() + "=";
        return message.role().id() + ": " + id + (message.content() == null ? "" : message.content()) + calls + "\n";
    }

    /** The server on this database, started when it is first asked for. */
    public static synchronized TestServer on(TestDatabase database) {
        return SERVERS.computeIfAbsent(database, wanted -> {
            try {
                Path dataDir = Files.createTempDirectory("mynah-server-test");
                dataDir.toFile().deleteOnExit();
                Map<String, String> environment = new HashMap<>(wanted.environment());
                environment.put("MYNAH_PAYMENTS_PROVIDER", "test");
                return new TestServer(dataDir, environment);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    public String url() {
        return server.url();
    }

    /** The administrator's key. */
    public String adminKey() {
        return first().apiKey();
    }

    public FirstStart first() {
        return first.orElseThrow();
    }

    public StubEngine engine() {
        return engine;
    }

    /** A component of the running service. */
    public <T> T bean(Class<T> type) {
        return server.bean(type);
    }

    /** The mails that it sends. */
    public Mailbox mailbox() {
        return new Mailbox(dataDir);
    }

    /** Adds up the books, as the command does, while the service runs. */
    public AuditReport audit() throws IOException {
        return Maintenance.on(dataDir, environment).audit();
    }

    /** A response, its body read. */
    public record Reply(int status, Map<String, List<String>> headers, String body) {
        /** A header's value, empty where it is not there. */
        public String header(String name) {
            return String.join("", headers.getOrDefault(name, List.of()));
        }

        public JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        /** What the events of a stream say. */
        public List<String> events() {
            return body.lines()
                    .filter(line -> line.startsWith("data: "))
                    .map(line -> line.substring("data: ".length()))
                    .toList();
        }
    }

    public Reply get(String path, String key) {
        return send(HttpRequest.newBuilder().GET(), path, key);
    }

    /** Posts JSON, in which quotes may be written as apostrophes. */
    public Reply post(String path, String key, String json) {
        return send(
                HttpRequest.newBuilder()
                        .POST(HttpRequest.BodyPublishers.ofString(json.replace('\'', '"')))
                        .header("Content-Type", "application/json"),
                path,
                key);
    }

    /** Sends JSON by another method, in which quotes may be written as apostrophes. */
    public Reply send(String method, String path, String key, String json) {
        return send(
                HttpRequest.newBuilder()
                        .method(method, HttpRequest.BodyPublishers.ofString(json.replace('\'', '"')))
                        .header("Content-Type", "application/json"),
                path,
                key);
    }

    /** Sends any request, with {@code key} unless it is empty. */
    public Reply send(HttpRequest.Builder request, String path, String key) {
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        try {
            HttpResponse<String> response =
                    http.send(request.uri(URI.create(url() + path)).build(), HttpResponse.BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.headers().map(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The body of a chat request with these messages of a user. */
    public static String chat(String content, String... more) {
        return "{'model': '" + MODEL + "', 'messages': [{'role': 'user', 'content': '" + content + "'}]"
                + Arrays.stream(more).map(part -> ", " + part).collect(Collectors.joining()) + "}";
    }
}
