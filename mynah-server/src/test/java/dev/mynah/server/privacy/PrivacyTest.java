package dev.mynah.server.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.Browser;
import dev.mynah.server.Multipart;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.store.Ids;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class PrivacyTest {
    private static final String DELETE = "/api/account/delete";

    /** Tables with the id of a user that {@link Erasure#OWN} does not name: deleted otherwise, of the books, or without a text of the user's. */
    private static final Set<String> KEPT = Set.of(
            "answer",
            "api_key",
            "credential",
            "fine_tuning_job",
            "labelling_label",
            "payment",
            "subscription",
            "usage_record",
            "user_session",
            "voucher_redemption");

    private final TestServer server;
    private final String mark = Ids.next("p");
    private final Browser browser;

    PrivacyTest(TestDatabase database) {
        server = TestServer.on(database);
        browser = Browser.signedUp(server, mark + "@example.com");
    }

    private String key() {
        return browser.post("/api/keys", "{'name': 'k'}").json().get("secret").stringValue();
    }

    private void chat(String text) {
        String id = browser.post("/api/conversations", "{'model': 'stub'}")
                .json()
                .get("id")
                .stringValue();
        JsonNode exchange = browser.post("/api/conversations/" + id + "/messages", "{'content': '" + text + "'}")
                .json();
        browser.get("/api/conversations/" + id + "/messages/"
                + exchange.at("/answer/id").stringValue() + "/stream");
    }

    private Map<String, String> export(String key) throws IOException, InterruptedException {
        byte[] zip = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(server.url() + "/api/account/export"))
                                .header("Authorization", "Bearer " + key)
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .body();
        Map<String, String> files = new TreeMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }

    @Test
    void everythingThatIsKeptIsTakenAlong() throws Exception {
        chat("echo " + mark);
        String key = key();
        server.post("/v1/responses", key, "{'model': 'stub', 'input': 'echo r-" + mark + "'}");
        server.post("/v1/chat/completions", key, TestServer.chat("echo c-" + mark, "'store': true"));
        String file = Multipart.upload(server, key, "user_data", "f-" + mark);
        browser.send("PUT", "/api/account/instructions", "{'instructions': 'Rhyme.'}");
        Map<String, String> files = export(key);

        assertThat(files)
                .containsOnlyKeys(
                        "account.json",
                        "assistants.json",
                        "chat_completions.json",
                        "conversations.json",
                        "feedback.json",
                        "files/" + file + "-data.jsonl",
                        "responses.json",
                        "security.json",
                        "usage.json");
        assertThat(files.get("account.json")).contains(mark + "@example.com");
        assertThat(files.get("assistants.json")).contains("\"instructions\":\"Rhyme.\"");
        assertThat(files.get("conversations.json")).contains("\"parts\":[\"" + mark + "\"]");
        JsonNode response =
                JsonMapper.shared().readTree(files.get("responses.json")).get(0);
        assertThat(response.at("/input/0/content/0/text").stringValue()).isEqualTo("echo r-" + mark);
        assertThat(response.at("/body/output/0/content/0/text").stringValue()).isEqualTo("r-" + mark);
        JsonNode completion =
                JsonMapper.shared().readTree(files.get("chat_completions.json")).get(0);
        assertThat(completion.at("/messages/0/content").stringValue()).isEqualTo("echo c-" + mark);
        assertThat(completion.at("/body/choices/0/message/content").stringValue())
                .isEqualTo("c-" + mark);
        assertThat(files.get("files/" + file + "-data.jsonl")).isEqualTo("f-" + mark);
        assertThat(files.get("usage.json")).contains("\"model\":\"stub\"");
    }

    @Test
    void aDeletedAccountIsGoneAndTheBooksStillAddUp() throws IOException {
        chat("echo secret-" + mark);
        String key = leaveTexts();
        String id = browser.get("/api/account").json().get("id").stringValue();
        assertThat(placesOfTheMark()).contains("response.body", "chat_completion.messages", "organisation.name");
        assertThat(browser.post(DELETE, "{'password': 'wrong password'}").status())
                .isEqualTo(400);
        assertThat(browser.post(DELETE, "{'password': 'correct horse'}").status())
                .isEqualTo(204);

        // What administrators look at to see who did what stays, as documented.
        assertThat(placesOfTheMark()).isSubsetOf("audit_event.detail");
        assertThat(browser.get("/api/account").status()).isEqualTo(401);
        assertThat(server.get("/v1/models", key).status()).isEqualTo(401);
        assertThat(server.get("/api/admin/users?q=" + mark, server.adminKey())
                        .json()
                        .get("data"))
                .isEmpty();
        assertThat(server.send("PATCH", "/api/admin/users/" + id, server.adminKey(), "{'state': 'active'}")
                        .status())
                .isEqualTo(404);
        assertThat(new Browser(server)
                        .post(
                                "/api/account/sign-in",
                                "{'email': '" + mark + "@example.com', 'password': 'correct horse'}")
                        .status())
                .isEqualTo(401);
        assertThat(server.audit().isClean()).isTrue();
    }

    /** Says the mark wherever a user may say something by way of the API. */
    private String leaveTexts() {
        String key = browser.post("/api/keys", "{'name': '" + mark + "'}")
                .json()
                .get("secret")
                .stringValue();
        server.send(
                HttpRequest.newBuilder()
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"model\": \"stub\", \"input\": \"echo " + mark + "\"}"))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", mark),
                "/v1/responses",
                key);
        server.post(
                "/v1/chat/completions",
                key,
                TestServer.chat("echo " + mark, "'store': true", "'metadata': {'" + mark + "': '" + mark + "'}"));
        Multipart.upload(server, key, "user_data", mark);
        server.post(
                "/v1/uploads",
                key,
                "{'filename': '" + mark + "', 'purpose': 'user_data', 'bytes': 9, 'mime_type': 'text/plain'}");
        browser.post("/api/assistants", "{'name': '" + mark + "', 'instructions': '" + mark + "'}");
        browser.post("/api/account/sign-in", "{'email': '" + mark + "@example.com', 'password': 'wrong horse'}");
        return key;
    }

    /** Every column of every table that holds the mark. */
    private Set<String> placesOfTheMark() {
        JdbcClient jdbc = server.bean(JdbcClient.class);
        Set<String> places = new TreeSet<>();
        jdbc.sql("select table_name, column_name from information_schema.columns where table_schema = 'public'"
                        + " and lower(data_type) in ('text', 'character varying', 'character large object')")
                .query((row, n) -> List.of(row.getString(1), row.getString(2)))
                .list()
                .forEach(column -> {
                    long found = jdbc.sql("select count(*) from " + column.getFirst() + " where " + column.getLast()
                                    + " like ?")
                            .param("%" + mark + "%")
                            .query(Long.class)
                            .single();
                    if (found > 0) {
                        places.add(column.getFirst() + "." + column.getLast());
                    }
                });
        return places;
    }

    /** Who adds a table that says whose its rows are decides here, or in the list of those that are deleted, what becomes of them. */
    @Test
    void ofEveryTableWithAUserItIsKnownWhatBecomesOfIt() {
        Set<String> known = new TreeSet<>(Erasure.OWN);
        known.addAll(KEPT);
        assertThat(server.bean(JdbcClient.class)
                        .sql(
                                "select table_name from information_schema.columns where table_schema = 'public' and column_name = 'user_id'")
                        .query(String.class)
                        .list())
                .containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void nameAndQuotaAreShown() {
        assertThat(browser.send("PATCH", "/api/account", "{'name': ' Ada L. '}")
                        .json()
                        .get("name")
                        .stringValue())
                .isEqualTo("Ada L.");
        assertThat(browser.send("PATCH", "/api/account", "{'name': ' '}").status())
                .isEqualTo(400);
        chat("echo a");
        JsonNode quota = browser.get("/api/account/quota").json();
        assertThat(quota.get("plan").stringValue()).isEqualTo("Free");
        assertThat(quota.get("requests").intValue()).isEqualTo(1);
        assertThat(quota.get("tokens").longValue()).isPositive();
    }
}
