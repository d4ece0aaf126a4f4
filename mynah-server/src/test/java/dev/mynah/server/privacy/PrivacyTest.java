package dev.mynah.server.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.Browser;
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
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class PrivacyTest {
    private static final String DELETE = "/api/account/delete";

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
        browser.send("PUT", "/api/account/instructions", "{'instructions': 'Rhyme.'}");
        Map<String, String> files = export(key());

        assertThat(files)
                .containsOnlyKeys(
                        "account.json",
                        "assistants.json",
                        "conversations.json",
                        "feedback.json",
                        "security.json",
                        "usage.json");
        assertThat(files.get("account.json")).contains(mark + "@example.com");
        assertThat(files.get("assistants.json")).contains("\"instructions\":\"Rhyme.\"");
        assertThat(files.get("conversations.json")).contains("\"parts\":[\"" + mark + "\"]");
        assertThat(files.get("usage.json")).contains("\"model\":\"stub\"");
    }

    @Test
    void aDeletedAccountIsGoneAndTheBooksStillAddUp() throws IOException {
        chat("echo secret-" + mark);
        String key = key();
        assertThat(browser.post(DELETE, "{'password': 'wrong password'}").status())
                .isEqualTo(400);
        assertThat(browser.post(DELETE, "{'password': 'correct horse'}").status())
                .isEqualTo(204);

        assertThat(browser.get("/api/account").status()).isEqualTo(401);
        assertThat(server.get("/v1/models", key).status()).isEqualTo(401);
        assertThat(server.get("/api/admin/users?q=" + mark, server.adminKey())
                        .json()
                        .get("data"))
                .isEmpty();
        assertThat(new Browser(server)
                        .post(
                                "/api/account/sign-in",
                                "{'email': '" + mark + "@example.com', 'password': 'correct horse'}")
                        .status())
                .isEqualTo(401);
        assertThat(server.audit().isClean()).isTrue();
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
