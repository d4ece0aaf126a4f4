package dev.mynah.server.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Walks the OpenAPI document with what no client should send: no route fails (5xx), each says what is wrong in the form of the API, and what was refused left nothing in the database. */
class BadInputTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String LONG = "x".repeat(100_000);
    private static final List<String> PLACES =
            List.of("no-such-id", "%00", "..%2F..%2Fetc", "%F0%9F%A6%9C", "x".repeat(5_000));
    private static final List<String> QUERIES = List.of("-1", "99999999999999999999", "%00", "%FF", "x'%22", "");

    /** What a caller does of itself while it asks. */
    private static final List<String> COUNTED_ANYWAY = List.of(
            "login_failure", "audit_event", "quota_window", "user_session", "idempotency_key", "answer", "reservation");

    private record Attempt(HttpRequest.Builder request, String path, String what) {}

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void noRouteFailsAndWhatIsRefusedLeavesNothing(TestDatabase database) {
        TestServer server = TestServer.on(database);
        String user = TestUser.onPlan(server, "payg").key();
        JsonNode paths = server.get("/openapi.json", "").json().get("paths");
        List<String> wrong = new ArrayList<>();
        int sent = 0;
        for (Map.Entry<String, JsonNode> path : paths.properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                String name = operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey();
                if (name.equals("PUT /api/admin/stop")) {
                    continue;
                }
                String key = path.getKey().startsWith("/api/admin") ? server.adminKey() : user;
                Map<String, Long> before = rows(server);
                boolean refused = true;
                for (Attempt attempt : attempts(name, path.getKey(), operation.getValue())) {
                    Reply reply = server.send(attempt.request(), attempt.path(), key);
                    sent++;
                    refused &= reply.status() >= 400;
                    check(name + ", " + attempt.what(), reply, wrong);
                }
                if (refused && !rows(server).equals(before)) {
                    wrong.add(name + " left something of what it refused: " + before + " " + rows(server));
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(sent).isGreaterThan(1_000);
    }

    private static void check(String what, Reply reply, List<String> wrong) {
        if (reply.status() < 400) {
            return;
        }
        String text = what.length() > 200 ? what.substring(0, 200) : what;
        if (reply.status() >= 500) {
            wrong.add(text + ": " + reply.status() + " " + reply.body());
            return;
        }
        try {
            JsonNode error = JSON.readTree(reply.body()).path("error");
            if (!error.path("message").isString()
                    || !error.path("type").isString()
                    || !error.has("param")
                    || !error.has("code")) {
                wrong.add(text + ": " + reply.status() + " without the form of an error: " + reply.body());
            }
        } catch (RuntimeException e) {
            wrong.add(text + ": " + reply.status() + " is no JSON: " + reply.body());
        }
    }

    private static Map<String, Long> rows(TestServer server) {
        JdbcClient jdbc = server.bean(JdbcClient.class);
        Map<String, Long> rows = new TreeMap<>();
        List<String> tables = jdbc.sql("select table_name from information_schema.tables where table_schema = 'public'")
                .query(String.class)
                .list();
        for (String table : tables) {
            if (!COUNTED_ANYWAY.contains(table)) {
                rows.put(
                        table,
                        jdbc.sql("select count(*) from " + table)
                                .query(Long.class)
                                .single());
            }
        }
        return rows;
    }

    private static List<Attempt> attempts(String name, String path, JsonNode operation) {
        String method = name.substring(0, name.indexOf(' '));
        List<Attempt> attempts = new ArrayList<>();
        if (path.contains("{")) {
            for (String place : PLACES) {
                attempts.add(
                        new Attempt(request(method, "{}", "application/json"), filled(path, place), "at " + place));
            }
        }
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.get("in").stringValue().equals("query")) {
                for (String value : QUERIES) {
                    String query =
                            filled(path, "x") + "?" + parameter.get("name").stringValue() + "=" + value;
                    attempts.add(new Attempt(request(method, "{}", "application/json"), query, "query " + query));
                }
            }
        }
        JsonNode json = operation
                .path("requestBody")
                .path("content")
                .path("application/json")
                .path("schema");
        if (!json.isMissingNode()) {
            bodies(json)
                    .forEach((what, body) -> attempts.add(
                            new Attempt(request(method, body, "application/json"), filled(path, "x"), what)));
            for (String type :
                    List.of("text/plain", "application/xml", "no type", "application/json; charset=utf-16")) {
                attempts.add(new Attempt(request(method, "{}", type), filled(path, "x"), "as " + type));
            }
            byte[] invalid = {'{', '"', 'a', '"', ':', '"', (byte) 0xC3, (byte) 0x28, '"', '}'};
            attempts.add(new Attempt(
                    HttpRequest.newBuilder()
                            .method(method, BodyPublishers.ofByteArray(invalid))
                            .header("Content-Type", "application/json"),
                    filled(path, "x"),
                    "invalid UTF-8"));
        }
        return attempts;
    }

    private static HttpRequest.Builder request(String method, String body, String type) {
        return HttpRequest.newBuilder()
                .method(
                        method,
                        method.equals("GET")
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                .header("Content-Type", type);
    }

    private static String filled(String path, String place) {
        return path.replaceAll("\\{[^}]+}", place);
    }

    private static Map<String, String> bodies(JsonNode schema) {
        Map<String, String> bodies = new LinkedHashMap<>();
        bodies.put("no JSON", "{");
        bodies.put("an array", "[]");
        bodies.put("null", "null");
        bodies.put("a number", "1e999999");
        bodies.put("nothing", "{}");
        bodies.put("an unknown key", "{\"no_such_key\": 1}");
        bodies.put("a key twice", "{\"a\": 1, \"a\": 2}");
        bodies.put("deep arrays", "{\"a\": " + "[".repeat(100_000));
        bodies.put("deep objects", "{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000));
        bodies.put("a long number", "{\"a\": " + "9".repeat(10_000) + "}");
        bodies.put("trailing text", "{} {}");
        JsonNode properties = schema.path("properties");
        for (String property : properties.propertyNames()) {
            int number = 0;
            for (JsonNode value : values()) {
                ObjectNode body = filledIn(schema);
                body.set(property, value);
                bodies.put(property + ", " + number++, body.toString());
            }
        }
        return bodies;
    }

    /** Something of the right type for each key that is required. */
    private static ObjectNode filledIn(JsonNode schema) {
        ObjectNode body = JSON.createObjectNode();
        for (JsonNode required : schema.path("required")) {
            JsonNode type =
                    schema.path("properties").path(required.stringValue()).path("type");
            switch (type.asString("string")) {
                case "integer", "number" -> body.put(required.stringValue(), 1);
                case "boolean" -> body.put(required.stringValue(), true);
                case "array" -> body.putArray(required.stringValue());
                case "object" -> body.putObject(required.stringValue());
                default -> body.put(required.stringValue(), "x");
            }
        }
        return body;
    }

    private static List<JsonNode> values() {
        ArrayNode values = JSON.createArrayNode();
        values.add(true)
                .add(-1)
                .add(1.5)
                .add(Long.MAX_VALUE)
                .add("")
                .add("a\0b")
                .add("\uD800")
                .add(LONG)
                .addNull();
        values.addArray();
        values.addArray().add(1).add("x").addNull();
        values.addArray().addObject().put("type", "x").put("role", 1);
        values.addObject();
        values.addObject().put("a\0", "b").put("type", "\0");
        return values.values().stream().toList();
    }
}
