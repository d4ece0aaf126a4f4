package dev.mynah.server.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.Browser;
import dev.mynah.server.Multipart;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.account.ApiKeys;
import dev.mynah.server.account.Caller;
import dev.mynah.server.account.OrganisationRepository;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.notice.Notices;
import dev.mynah.server.statement.Statement;
import dev.mynah.server.store.Times;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every route that names something by its id, called with ids that are another's: by a stranger with an organisation of its own, and, where things belong to a user, by a colleague. Routes are
 * read off the service itself, so that one that is new fails here until it stands in {@link #routes}.
 */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class ForeignIdsTest {
    /** Whose things a route is about. */
    private enum Whose {
        USERS,
        ORGANISATIONS
    }

    /**
     * A route with ids of the owner, which is not refused to it.
     *
     * @param body sent with it; quotes may be apostrophes
     */
    private record Route(Whose whose, String body) {}

    private static final List<String> TABLES = List.of(
            "conversation",
            "message",
            "shared_conversation",
            "stored_file",
            "fine_tuning_job",
            "batch",
            "api_key",
            "response",
            "chat_completion",
            "upload",
            "project",
            "assistant",
            "passkey",
            "organisation_member",
            "invitation",
            "model",
            "feedback");

    /** For everybody who has the link. */
    private static final Set<String> PUBLIC = Set.of("GET /api/shared/{id}");

    private final Map<String, Route> routes = new LinkedHashMap<>();
    private final Map<String, String> ids = new TreeMap<>();

    private final TestDatabase database;
    private TestServer server;
    private Browser owner;
    private Caller caller;
    private String key;

    ForeignIdsTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void start(@TempDir Path dataDir) throws Exception {
        Map<String, String> settings = new HashMap<>(database.environment());
        settings.put("MYNAH_PAYMENTS_PROVIDER", "test");
        server = TestServer.start(dataDir, settings);
        owner = Browser.signedUp(server, "owner@example.com");
        owner.post(
                "/api/account/email-verification/confirm",
                "{'token': '" + server.mailbox().await("owner@example.com", 1).token() + "'}");
        JsonNode made = newKey(owner);
        key = made.get("secret").stringValue();
        ids.put("key", made.get("id").stringValue());
        caller = server.bean(ApiKeys.class).authenticate(key).orElseThrow();
        makeThings();
        routes();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void whatIsAnothersIsNotFound() {
        coverAllRoutes();
        Browser stranger = Browser.signedUp(server, "stranger@example.com");
        String strangersKey = newKey(stranger).get("secret").stringValue();
        String colleaguesKey = colleague();
        Map<String, Long> before = rows();
        List<String> wrong = new ArrayList<>();
        routes.forEach((name, route) -> {
            expect(name, call(stranger, strangersKey, name, route), wrong);
            if (route.whose == Whose.USERS && !name.contains("/security/")) {
                expect("a colleague: " + name, call(colleaguesKey, name, route), wrong);
            }
        });
        refusals(strangersKey).forEach((name, reply) -> {
            if (reply.status() < 400 || reply.status() >= 500) {
                wrong.add(name + ": " + reply.status() + " " + reply.body());
            }
        });
        assertThat(wrong).isEmpty();
        assertThat(rows()).isEqualTo(before);
        // The ids are good: to their owner none of it is unknown.
        routes.forEach((name, route) -> {
            Reply reply = call(owner, key, name, route);
            if (reply.status() == 403 || reply.status() == 404 || reply.status() >= 500) {
                wrong.add("the owner: " + name + ": " + reply.status() + " " + reply.body());
            }
        });
        assertThat(wrong).isEmpty();
    }

    private static void expect(String name, Reply reply, List<String> wrong) {
        if (reply.status() != 404) {
            wrong.add(name + ": " + reply.status() + " " + reply.body());
        }
    }

    private void coverAllRoutes() {
        Set<String> all = new TreeSet<>();
        operations().forEach((name, path) -> {
            // What administrators do is refused as a whole, whatever it names.
            if (path.contains("{") && !path.startsWith("/api/admin/") && isApi(path)) {
                all.add(name);
            }
        });
        all.removeAll(PUBLIC);
        Set<String> missing = new TreeSet<>(all);
        missing.removeAll(routes.keySet());
        assertThat(missing).as("routes that are not tried here").isEmpty();
        assertThat(all).containsAll(routes.keySet());
    }

    /** All that the service does, with its paths. */
    private Map<String, String> operations() {
        Map<String, String> operations = new TreeMap<>();
        for (Map.Entry<String, JsonNode> path :
                server.get("/openapi.json", "").json().get("paths").properties()) {
            for (String method : path.getValue().propertyNames()) {
                operations.put(method.toUpperCase(Locale.ROOT) + " " + path.getKey(), path.getKey());
            }
        }
        return operations;
    }

    private static boolean isApi(String path) {
        return path.startsWith("/api/") || path.startsWith("/v1/");
    }

    /** Administration with a user's key, and ids of others in bodies. */
    private Map<String, Reply> refusals(String strangersKey) {
        operations().forEach((name, path) -> {
            if (path.startsWith("/api/admin/")) {
                Reply reply = call(strangersKey, name, new Route(Whose.ORGANISATIONS, "{}"));
                assertThat(reply.status()).as(name).isEqualTo(403);
            }
        });
        Map<String, Reply> replies = new LinkedHashMap<>();
        Map<String, String> named = Map.of(
                "/v1/responses",
                "{'model': 'stub', 'input': 'x', 'previous_response_id': '{response}'}",
                "/v1/chat/completions",
                "{'model': '{model}', 'messages': [{'role': 'user', 'content': 'x'}]}",
                "/v1/fine_tuning/jobs",
                "{'model': 'stub', 'training_file': '{file}'}",
                "/v1/batches",
                "{'input_file_id': '{batchFile}', 'endpoint': '/v1/chat/completions', 'completion_window': '24h'}",
                "/api/keys",
                "{'name': 'x', 'project_id': '{project}'}");
        named.forEach((path, body) ->
                replies.put("POST " + path + " with another's id", server.post(path, strangersKey, filled(body))));
        Map.of("organisation", "{organisation}", "project", "{project}", "user", "{user}", "api_key", "{key}")
                .forEach((kind, id) -> replies.put(
                        "a cap of another " + kind,
                        server.send(
                                "PUT",
                                "/api/billing/caps",
                                strangersKey,
                                filled("{'kind': '" + kind + "', 'subject_id': '" + id + "', 'amount': 1}"))));
        String own = "/api/conversations/" + id(server.post("/api/conversations", strangersKey, "{'model': 'stub'}"));
        Map.of("/messages", "{'content': 'x', 'parent_id': '{message}'}", "/shares", "{'message_id': '{message}'}")
                .forEach((path, body) -> replies.put(
                        path + " of another's message", server.post(own + path, strangersKey, filled(body))));
        server.send("DELETE", own, strangersKey, "");
        return replies;
    }

    /** What belongs to the API is called with a key, the rest as the web app does. */
    private Reply call(Browser browser, String browsersKey, String name, Route route) {
        return name.contains(" /v1/")
                        || name.contains("/api/files")
                        || name.contains("/api/batches")
                        || name.contains("/api/fine_tuning")
                ? call(browsersKey, name, route)
                : browser.send(method(name), path(name), filled(route.body));
    }

    private Reply call(String withKey, String name, Route route) {
        return method(name).equals("GET")
                ? server.get(path(name), withKey)
                : server.send(method(name), path(name), withKey, filled(route.body));
    }

    private static String method(String name) {
        return name.substring(0, name.indexOf(' '));
    }

    /** The path of a route with ids of the owner; what {@code {id}} is depends on where it stands. */
    private String path(String name) {
        String path = name.substring(name.indexOf(' ') + 1);
        String section = ids.keySet().stream()
                .filter(known -> known.startsWith("/") && path.startsWith(known))
                .max(Comparator.comparingInt(String::length))
                .orElse("");
        return filled(path.replace("{id}", ids.getOrDefault(section, "none")));
    }

    private String filled(String text) {
        String filled = text;
        for (Map.Entry<String, String> id : ids.entrySet()) {
            filled = filled.replace("{" + id.getKey() + "}", id.getValue());
        }
        return filled;
    }

    private Map<String, Long> rows() {
        JdbcClient jdbc = server.bean(JdbcClient.class);
        Map<String, Long> rows = new TreeMap<>();
        for (String table : TABLES) {
            rows.put(
                    table,
                    jdbc.sql("select count(*) from " + table).query(Long.class).single());
        }
        return rows;
    }

    private static JsonNode newKey(Browser browser) {
        return browser.post("/api/keys", "{'name': 'mine'}").json();
    }

    private static String id(Reply reply) {
        assertThat(reply.status()).as(reply.body()).isBetween(200, 299);
        return reply.json().get("id").stringValue();
    }

    /** A member of the owner's organisation, with a key for its project. */
    private String colleague() {
        Browser colleague = Browser.signedUp(server, "colleague@example.com");
        String userId = server.bean(ApiKeys.class)
                .authenticate(newKey(colleague).get("secret").stringValue())
                .orElseThrow()
                .userId();
        server.bean(OrganisationRepository.class).addMember(caller.organisationId(), userId, "member");
        return server.bean(ApiKeys.class)
                .create(new ApiKeys.Order(caller.projectId(), userId, "colleague's", Scopes.ALL, null))
                .secret();
    }

    private void makeThings() throws InterruptedException {
        ids.put("user", caller.userId());
        ids.put("userId", caller.userId());
        ids.put("organisation", caller.organisationId());
        ids.put("project", caller.projectId());
        ids.put("projectId", caller.projectId());
        conversations();
        trainingAndBatches();
        moneyAndAccount();
        labelling();
        ids.put("/api/keys/", ids.get("key"));
        ids.put("/api/organisations/", caller.organisationId());
    }

    private void conversations() throws InterruptedException {
        String conversation = id(owner.post("/api/conversations", "{'model': 'stub', 'title': 'mine'}"));
        JsonNode exchange = owner.post("/api/conversations/" + conversation + "/messages", "{'content': 'echo hi'}")
                .json();
        String answer = exchange.at("/answer/id").asString("");
        assertThat(answer).as(exchange.toString()).isNotEmpty();
        String path = "/api/conversations/" + conversation + "/messages/" + answer;
        while (owner.get(path).json().get("state").asString("").equals("running")) {
            Thread.sleep(10);
        }
        ids.put("/api/conversations/", conversation);
        ids.put("messageId", answer);
        ids.put("message", answer);
        ids.put("question", exchange.at("/question/id").asString(""));
        ids.put(
                "/api/shares/",
                id(owner.post("/api/conversations/" + conversation + "/shares", "{'message_id': '" + answer + "'}")));
        ids.put(
                "/api/assistants/",
                id(owner.post("/api/assistants", "{'name': 'A', 'instructions': 'Be short.', 'model': 'stub'}")));
        String response = id(server.post("/v1/responses", key, "{'model': 'stub', 'input': 'echo hi'}"));
        ids.put("/v1/responses/", response);
        ids.put("response", response);
        ids.put(
                "/v1/uploads/",
                id(server.post(
                        "/v1/uploads",
                        key,
                        "{'filename': 'a', 'purpose': 'batch', 'bytes': 1, 'mime_type': 'text/plain'}")));
        ids.put(
                "/v1/chat/completions/",
                id(server.post("/v1/chat/completions", key, TestServer.chat("echo hi", "'store': true"))));
    }

    private void trainingAndBatches() throws InterruptedException {
        String rows =
                "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"b\"}]}\n"
                        .repeat(12);
        String file = Multipart.upload(server, key, "fine-tune", rows);
        String job = id(server.post(
                "/v1/fine_tuning/jobs", key, "{'model': 'stub', 'training_file': '" + file + "', 'seed': 1}"));
        JsonNode state;
        do {
            Thread.sleep(20);
            state = server.get("/v1/fine_tuning/jobs/" + job, key).json();
        } while (state.get("finished_at").isNull());
        String model = state.get("fine_tuned_model").asString("");
        assertThat(model).as(state.toString()).isNotEmpty();
        String line =
                "{\"custom_id\": \"a\", \"method\": \"POST\", \"url\": \"/v1/chat/completions\", \"body\": {\"model\": \"stub\", \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}}\n";
        String batchFile = Multipart.upload(server, key, "batch", line);
        String batch = id(server.post(
                "/v1/batches",
                key,
                "{'input_file_id': '" + batchFile
                        + "', 'endpoint': '/v1/chat/completions', 'completion_window': '24h'}"));
        while (!server.get("/v1/batches/" + batch, key)
                .json()
                .get("status")
                .asString("")
                .equals("completed")) {
            Thread.sleep(20);
        }
        ids.putAll(Map.of("file", file, "model", model, "batchFile", batchFile));
        ids.putAll(Map.of("/v1/files/", file, "/api/files/", batchFile, "/v1/batches/", batch, "/v1/models/", model));
        ids.put("/api/batches/", batch);
        ids.putAll(Map.of("/v1/fine_tuning/jobs/", job, "/api/fine_tuning/jobs/", job));
    }

    private void moneyAndAccount() {
        String payment = owner.post("/api/billing/top-ups", "{'amount': 10000000}")
                .json()
                .get("payment_id")
                .stringValue();
        Notices notices = server.bean(Notices.class);
        notices.add(caller.organisationId(), "low_balance", Map.of(), Instant.now());
        JdbcClient jdbc = server.bean(JdbcClient.class);
        Instant then = Instant.parse("2026-10-01T00:00:00Z");
        Statement statement = new Statement(
                "st_1", 1, caller.organisationId(), "USD", then.minusSeconds(1), then, 0, 0, List.of(), 0, List.of());
        jdbc.sql("insert into statement values ('st_1', 1, ?, 'USD', ?, ?, 0, 0, ?, ?)")
                .params(caller.organisationId(), Times.sql(then.minusSeconds(1)), Times.sql(then))
                .params(JsonMapper.shared().writeValueAsString(statement), Times.sql(then))
                .update();
        jdbc.sql("insert into passkey values ('passkey_1', ?, 'mine', 'AA', 'AA', 0, false, false, ?, null)")
                .params(caller.userId(), Times.sql(then))
                .update();
        ids.put("/api/billing/payments/", payment);
        ids.put(
                "/api/billing/notices/",
                notices.of(caller.organisationId()).getFirst().id());
        ids.put("/api/billing/statements/", "st_1");
        ids.put("/api/account/security/passkeys/", "passkey_1");
        new Browser(server).post("/api/account/sign-in", "{'email': 'owner@example.com', 'password': 'correct horse'}");
        ids.put(
                "/api/account/security/sessions/",
                owner.get("/api/account/security")
                        .json()
                        .get("sessions")
                        .valueStream()
                        .filter(session -> !session.get("current").booleanValue())
                        .findFirst()
                        .orElseThrow()
                        .get("id")
                        .stringValue());
        ids.put(
                "invitation",
                id(owner.post(
                        "/api/organisations/" + caller.organisationId() + "/invitations",
                        "{'email': 'guest@example.com'}")));
    }

    private void labelling() {
        String admin = "/api/admin/labelling/queues";
        String queue = id(
                server.post(admin, server.adminKey(), "{'name': 'Q', 'kind': 'demonstration', 'labels_per_task': 1}"));
        server.send("PUT", admin + "/" + queue + "/members", server.adminKey(), "{'emails': ['owner@example.com']}");
        server.post(
                admin + "/" + queue + "/tasks",
                server.adminKey(),
                "{'tasks': [{'messages': [{'role': 'user', 'content': 'x'}]}]}");
        ids.put("/api/labelling/queues/", queue);
        ids.put("/api/labelling/tasks/", id(owner.post("/api/labelling/queues/" + queue + "/next", "{}")));
    }

    private void users(String name, String body) {
        routes.put(name, new Route(Whose.USERS, body));
    }

    private void organisations(String name, String body) {
        routes.put(name, new Route(Whose.ORGANISATIONS, body));
    }

    /** All of them, in an order in which the owner can call each. */
    private void routes() {
        String chat = "/api/conversations/{id}";
        String message = chat + "/messages/{messageId}";
        users("GET " + chat, "");
        users("PATCH " + chat, "{'title': 'new'}");
        users("GET " + chat + "/messages", "");
        users("GET " + message, "");
        users("GET " + message + "/stream", "");
        users("GET " + chat + "/export", "");
        users("POST " + chat + "/messages", "{'content': 'echo again'}");
        users("POST " + message + "/regenerate", "{}");
        users("POST " + message + "/continue", "{}");
        users("POST " + message + "/stop", "");
        users("POST " + chat + "/shares", "{'message_id': '{message}'}");
        users("PUT " + message + "/feedback", "{'rating': 'good'}");
        users("PUT " + chat + "/rankings", "{'message_ids': ['{message}', '{question}']}");
        users("DELETE /api/shares/{id}", "");
        users("PUT /api/assistants/{id}", "{'name': 'B', 'instructions': 'x', 'model': 'stub'}");
        users("DELETE /api/assistants/{id}", "");
        users("DELETE " + chat, "");
        users("GET /v1/responses/{id}", "");
        users("GET /v1/responses/{id}/input_items", "");
        users("POST /v1/responses/{id}/cancel", "{}");
        users("DELETE /v1/responses/{id}", "");
        users("POST /api/labelling/queues/{id}/next", "{}");
        users("PUT /api/labelling/tasks/{id}", "{'state': 'skipped'}");
        users("DELETE /api/account/security/sessions/{id}", "");
        users("POST /api/account/security/passkeys/{id}/remove", "{'password': 'correct horse'}");

        for (String jobs : List.of("/v1/fine_tuning/jobs/{id}", "/api/fine_tuning/jobs/{id}")) {
            for (String part : List.of("", "/events", "/checkpoints", "/metrics", "/samples")) {
                organisations("GET " + jobs + part, "");
            }
            for (String act : List.of("/cancel", "/pause", "/resume")) {
                organisations("POST " + jobs + act, "{}");
            }
        }
        for (String part : List.of("", "/messages")) {
            organisations("GET /v1/chat/completions/{id}" + part, "");
        }
        organisations("POST /v1/chat/completions/{id}", "{'metadata': {'a': 'b'}}");
        organisations("DELETE /v1/chat/completions/{id}", "");
        for (String act : List.of("/parts", "/complete", "/cancel")) {
            organisations("POST /v1/uploads/{id}" + act, "{'part_ids': []}");
        }
        organisations("GET /v1/models/{id}", "");
        organisations("DELETE /v1/models/{id}", "");
        organisations("GET /v1/batches/{id}", "");
        organisations("POST /v1/batches/{id}/cancel", "{}");
        organisations("GET /api/batches/{id}", "");
        organisations("POST /api/batches/{id}/cancel", "{}");
        organisations("GET /v1/files/{id}", "");
        organisations("GET /v1/files/{id}/content", "");
        organisations("GET /api/files/{id}", "");
        organisations("GET /api/files/{id}/content", "");
        organisations("DELETE /api/files/{id}", "");
        organisations("GET /api/billing/payments/{id}", "");
        organisations("POST /api/billing/payments/{id}/test", "{'outcome': 'pays'}");
        organisations("POST /api/billing/notices/{id}/read", "");
        organisations("GET /api/billing/statements/{id}", "");
        organisations("GET /api/billing/statements/{id}/csv", "");
        organisations("DELETE /v1/files/{id}", "");
        users("DELETE /api/keys/{id}", "");
        String organisation = "/api/organisations/{id}";
        organisations("GET " + organisation + "/members", "");
        organisations("GET " + organisation + "/usage", "");
        organisations("GET " + organisation + "/invitations", "");
        organisations("PATCH " + organisation, "{'name': 'Ours'}");
        organisations("PATCH " + organisation + "/members/{userId}", "{'role': 'owner'}");
        organisations("POST " + organisation + "/projects", "{'name': 'New'}");
        organisations("PATCH " + organisation + "/projects/{projectId}", "{'name': 'Old'}");
        organisations("POST " + organisation + "/invitations", "{'email': 'other@example.com'}");
        organisations("DELETE " + organisation + "/invitations/{invitation}", "");
        organisations("DELETE " + organisation + "/members/{userId}", "");
        organisations("DELETE " + organisation + "/projects/{projectId}", "");
    }
}
