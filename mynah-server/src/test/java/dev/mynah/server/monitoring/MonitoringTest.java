package dev.mynah.server.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.mynah.server.Browser;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import dev.mynah.server.answer.EmergencyStop;
import dev.mynah.server.store.Ids;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class MonitoringTest {
    private final TestServer server;

    MonitoringTest(TestDatabase database) {
        server = TestServer.on(database);
    }

    @Test
    void whatAnAnswerUsedIsCounted() {
        TestUser user = TestUser.payingFrom(server, 1_000_000);
        String before = metrics();

        server.post("/v1/chat/completions", user.key(), TestServer.chat("echo abc"));
        server.post("/v1/chat/completions", user.key(), "{'model': 'stub'}");

        String after = metrics();
        // 15 tokens read, 4 written, 3 micro-units: as BooksTest has it.
        assertThat(grown(before, after, "mynah_tokens_total{direction=\"input\",model=\"stub\"}"))
                .isEqualTo(15);
        assertThat(grown(before, after, "mynah_tokens_total{direction=\"output\",model=\"stub\"}"))
                .isEqualTo(4);
        assertThat(grown(before, after, "mynah_settled_money_micros_total{currency=\"USD\",model=\"stub\"}"))
                .isEqualTo(3);
        assertThat(grown(before, after, "mynah_answers_total{model=\"stub\",outcome=\"finished\"}"))
                .isEqualTo(1);
        assertThat(grown(before, after, "mynah_time_to_first_token_seconds_count{model=\"stub\"}"))
                .isEqualTo(1);
        assertThat(grown(before, after, "mynah_time_per_token_seconds_count{model=\"stub\"}"))
                .isEqualTo(1);
        assertThat(
                        grown(
                                before,
                                after,
                                "mynah_errors_total{code=\"missing_required_parameter\",status=\"400\",type=\"invalid_request_error\"}"))
                .isEqualTo(1);
        assertThat(
                        grown(
                                before,
                                after,
                                "mynah_http_requests_seconds_count{method=\"POST\",route=\"/v1/chat/completions\",status=\"200\"}"))
                .isEqualTo(1);
        assertThat(after)
                .contains("mynah_answers_running", "mynah_engine_waiting", "mynah_engine_cached_tokens_total")
                .contains("jvm_memory_used_bytes", "hikaricp_connections_active");
    }

    @Test
    void logsHoldNoTextOfMessages() {
        TestUser user = TestUser.payingFrom(server, 1_000_000);
        String word = Ids.next("word");
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        try {
            String chat = "/v1/chat/completions";
            assertThat(server.post(chat, user.key(), TestServer.chat("fail 3 " + word))
                            .status())
                    .isEqualTo(500);
            server.post(chat, user.key(), TestServer.chat("how to make a bomb, " + word));
            server.post(chat, user.key(), TestServer.chat(word).replace("}]", ""));
            server.post(chat, user.key(), TestServer.chat("echo " + word, "'stream': true"));
            server.post("/v1/responses", user.key(), "{'model': 'stub', 'input': '" + word + "'}");
            server.post("/v1/completions", user.key(), "{'model': 'stub', 'prompt': 'echo " + word + "'}");
        } finally {
            root.detachAppender(log);
        }
        List<String> lines = log.list.stream()
                .map(event -> event.getFormattedMessage() + ThrowableProxyUtil.asString(event.getThrowableProxy()))
                .toList();
        assertThat(lines)
                .anyMatch(line -> line.contains("the model failed in answer"))
                .noneMatch(line -> line.contains(word));
    }

    /** Every line is a comment or a sample as the format's grammar has it. */
    @Test
    void theFormatIsPrometheuss() {
        Pattern sample = Pattern.compile(
                "[a-zA-Z_:][a-zA-Z0-9_:]*(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\]|\\\\.)*\",?)*})? (NaN|[+-]?Inf|[-+0-9.eE]+)( [0-9]+)?");

        assertThat(metrics().lines())
                .allMatch(line -> line.startsWith("# HELP ")
                        || line.startsWith("# TYPE ")
                        || sample.matcher(line).matches());
    }

    @Test
    void onlyAdministratorsReadFigures() {
        TestUser user = TestUser.onPlan(server, "free");

        for (String path : new String[] {"/metrics", "/api/admin/health"}) {
            assertThat(server.get(path, "").status()).as(path).isEqualTo(401);
            assertThat(server.get(path, user.key()).status()).as(path).isEqualTo(403);
            assertThat(server.get(path, "no-such-token").status()).as(path).isEqualTo(401);
        }
    }

    @Test
    void healthIsForEverybodyAndTellsNothingOfTheInside() {
        assertThat(server.get("/health/live", "").body()).isEqualTo("{\"status\":\"up\"}");
        Reply ready = server.get("/health/ready", "");
        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.json().get("checks").propertyNames())
                .containsExactly("database", "engine", "disk", "emergency_stop", "not_ending");
        assertThat(server.get("/health/ready?exclude=nothing", "").status()).isEqualTo(400);
    }

    @Test
    void anEmergencyStopIsSeen(@TempDir Path dataDir) throws Exception {
        TestServer own = TestServer.start(dataDir, Map.of("MYNAH_METRICS_TOKEN", "a-token-of-16-or-more"));
        try {
            own.bean(EmergencyStop.class).set(true, "test");
            while (own.get("/health/ready", "").status() == 200) {
                Thread.sleep(20);
            }
            assertThat(own.get("/health/ready", "")
                            .json()
                            .get("checks")
                            .get("emergency_stop")
                            .stringValue())
                    .isEqualTo("down");
            assertThat(own.get("/health/ready?exclude=emergency_stop", "").status())
                    .isEqualTo(200);
            assertThat(own.get("/metrics", "a-token-of-16-or-more").body()).contains("jvm_memory_used_bytes");
            assertThat(own.get("/api/admin/health", "a-token-of-16-or-more").status())
                    .isEqualTo(401);
        } finally {
            own.close();
        }
    }

    @Test
    void theHistoryGrows() throws Exception {
        JsonNode health = server.get("/api/admin/health", server.adminKey()).json();
        while (health.get("history").isEmpty()) {
            Thread.sleep(50);
            health = server.get("/api/admin/health", server.adminKey()).json();
        }
        assertThat(health.get("status").stringValue()).isEqualTo("up");
        assertThat(health.get("history").get(0).get("heap_bytes").longValue()).isPositive();
        assertThat(new Browser(server).get("/api/admin/health").status()).isEqualTo(401);
    }

    private String metrics() {
        return server.get("/metrics", server.adminKey()).body();
    }

    private static double grown(String before, String after, String series) {
        return value(after, series) - value(before, series);
    }

    private static double value(String metrics, String series) {
        Matcher line = Pattern.compile("^" + Pattern.quote(series) + " (.*)$", Pattern.MULTILINE)
                .matcher(metrics);
        return line.find() ? Double.parseDouble(line.group(1)) : 0;
    }
}
