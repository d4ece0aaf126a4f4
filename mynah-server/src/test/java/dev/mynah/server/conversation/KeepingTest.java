package dev.mynah.server.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.Browser;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.store.Ids;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Continuing, sharing, taking out and bringing in, and the assistants of one's own. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class KeepingTest {
    private static final String PATH = "/api/conversations";
    private static final String IMPORT = PATH + "/import";

    private final TestServer server;
    private final Browser browser;
    private final Browser stranger;
    private final String key;

    KeepingTest(TestDatabase database) {
        server = TestServer.on(database);
        browser = Browser.signedUp(server, Ids.next("a") + "@example.com");
        stranger = Browser.signedUp(server, Ids.next("b") + "@example.com");
        key = browser.post("/api/keys", "{'name': 'k'}").json().get("secret").stringValue();
    }

    private String conversation() {
        return browser.post(PATH, "{'model': 'stub', 'settings': {'assistant': 'poetry'}}")
                .json()
                .get("id")
                .stringValue();
    }

    /** Asks, waits for the end, and gives the answer. */
    private JsonNode ask(String conversation, String body) {
        JsonNode answer = browser.post(PATH + "/" + conversation + "/messages", body)
                .json()
                .get("answer");
        stream(conversation, answer);
        return answer;
    }

    private Reply stream(String conversation, JsonNode answer) {
        return browser.get(
                PATH + "/" + conversation + "/messages/" + answer.get("id").stringValue() + "/stream");
    }

    private JsonNode messages(String conversation) {
        return browser.get(PATH + "/" + conversation + "/messages").json().get("data");
    }

    private Reply upload(byte[] body) {
        return server.send(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofByteArray(body)), IMPORT, key);
    }

    @Test
    void aCutAnswerGoesOnAsTheSameMessage() {
        String id = conversation();
        JsonNode answer = ask(id, "{'content': 'echo abcdef', 'max_tokens': 4}");
        assertThat(messages(id).get(1).get("cut").booleanValue()).isTrue();
        JsonNode resumed = browser.post(
                        PATH + "/" + id + "/messages/" + answer.get("id").stringValue() + "/continue", "")
                .json();
        assertThat(resumed.get("id")).isEqualTo(answer.get("id"));
        assertThat(resumed.get("content").stringValue()).isEqualTo("abcd");
        Reply stream = stream(id, resumed);

        assertThat(server.engine().lastPrompt()).isEqualTo("user: echo abcdef\nassistant: abcd");
        JsonNode messages = messages(id);
        assertThat(messages).hasSize(2);
        // The stub says the same again; what counts is that the old text stays in front.
        assertThat(messages.get(1).get("content").stringValue()).isEqualTo("abcdabcd");
        assertThat(stream.body()).contains("abcd").endsWith("data: {\"state\":\"complete\",\"cut\":true}\n\n");
        assertThat(stranger.post(
                                PATH + "/" + id + "/messages/"
                                        + answer.get("id").stringValue() + "/continue",
                                "")
                        .status())
                .isEqualTo(404);
        String question = messages.get(0).get("id").stringValue();
        assertThat(browser.post(PATH + "/" + id + "/messages/" + question + "/continue", "")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void aSharedLinkShowsOneBranchUntilItIsRevoked() {
        String id = conversation();
        JsonNode first = ask(id, "{'content': 'echo one', 'system': 'Secret instructions.'}");
        String link = browser.post(
                        PATH + "/" + id + "/shares",
                        "{'message_id': '" + first.get("id").stringValue() + "'}")
                .json()
                .get("id")
                .stringValue();
        ask(id, "{'content': 'echo later', 'parent_id': '" + first.get("id").stringValue() + "'}");
        Reply seen = server.get("/api/shared/" + link, "");

        assertThat(seen.status()).isEqualTo(200);
        assertThat(seen.json().get("messages")).hasSize(2);
        assertThat(seen.body()).contains("one").doesNotContain("later", "Secret", "@example.com", "user_", "conv_");
        assertThat(stranger.send("DELETE", "/api/shares/" + link, "").status()).isEqualTo(404);
        assertThat(stranger.post(
                                PATH + "/" + id + "/shares",
                                "{'message_id': '" + first.get("id").stringValue() + "'}")
                        .status())
                .isEqualTo(404);
        assertThat(browser.send("DELETE", "/api/shares/" + link, "").status()).isEqualTo(204);
        assertThat(server.get("/api/shared/" + link, "").status()).isEqualTo(404);
    }

    @Test
    void whatIsExportedIsImportedWithAllBranches() {
        String id = conversation();
        JsonNode first = ask(id, "{'content': 'echo one'}");
        ask(id, "{'content': 'echo two', 'parent_id': '" + first.get("id").stringValue() + "'}");
        ask(id, "{'content': 'echo three', 'parent_id': '" + first.get("id").stringValue() + "'}");
        String json = browser.get(PATH + "/" + id + "/export").body();
        String leaf = messages(id).get(3).get("id").stringValue();
        String label = "Label: '1'\n  ContentProducer: 'Mynah'\n  ProduceID: '" + id
                + "'\n  ReservedCode1: ''\n  ContentPropagator: ''\n  PropagateID: ''\n  ReservedCode2: ''\n";
        assertThat(browser.get(PATH + "/" + id + "/export?format=markdown&leaf=" + leaf)
                        .body())
                .isEqualTo(
                        "---\nAIGC:\n  " + label
                                + "---\n\n# echo one\n\n## user\n\necho one\n\n## assistant\n\n*AI-generated · AI 生成*\n\none\n\n## user\n\necho two\n\n## assistant\n\n*AI-generated · AI 生成*\n\ntwo\n");
        assertThat(JsonMapper.shared().readTree(json).at("/0/AIGC").toString())
                .startsWith("{\"Label\":\"1\",\"ContentProducer\":\"Mynah\",\"ProduceID\":\"" + id + "\"");
        assertThat(stranger.get(PATH + "/" + id + "/export").status()).isEqualTo(404);

        JsonNode result = upload(json.getBytes(StandardCharsets.UTF_8)).json();
        assertThat(result).hasToString("{\"conversations\":1,\"messages\":6}");
        JsonNode copy = browser.get(PATH + "?limit=200")
                .json()
                .get("data")
                .valueStream()
                .filter(one -> one.get("title").stringValue().equals("echo one")
                        && !one.get("id").stringValue().equals(id))
                .findFirst()
                .orElseThrow();
        JsonNode messages = messages(copy.get("id").stringValue());
        assertThat(messages)
                .extracting(message -> message.get("content").stringValue())
                .containsExactly("echo one", "one", "echo two", "two", "echo three", "three");
        assertThat(messages.get(4).get("parent_id")).isEqualTo(messages.get(1).get("id"));
    }

    private static byte[] zip(String name, byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("chat.html"));
            zip.write("<html>".getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
        }
        return out.toByteArray();
    }

    @Test
    void chatGptsZipIsRead() throws IOException {
        String json = """
                [{"title": "Hi \\u0000", "create_time": 1.7e9, "update_time": 1.7e9, "current_node": "c", "mapping": {
                    "r": {"id": "r", "message": null, "parent": null, "children": ["s"]},
                    "s": {"id": "s", "message": {"author": {"role": "system"}, "content": {"content_type": "text", "parts": [""]}}, "parent": "r", "children": ["a"]},
                    "a": {"id": "a", "message": {"author": {"role": "user"}, "content": {"content_type": "text", "parts": ["Question"]}}, "parent": "s", "children": ["c", "b"]},
                    "b": {"id": "b", "message": {"author": {"role": "assistant"}, "content": {"content_type": "multimodal_text", "parts": [{"asset": 1}, "Old"]}}, "parent": "a", "children": ["a"]},
                    "c": {"id": "c", "message": {"author": {"role": "assistant"}, "content": {"content_type": "text", "parts": ["New"]}}, "parent": "a", "children": []}}}]
                """;
        JsonNode result = upload(zip("export/conversations.json", json.getBytes(StandardCharsets.UTF_8)))
                .json();
        assertThat(result).hasToString("{\"conversations\":1,\"messages\":3}");
        JsonNode imported = browser.get(PATH).json().at("/data/0");
        assertThat(imported.get("title").stringValue()).isEqualTo("Hi ");
        assertThat(imported.get("created_at").stringValue()).startsWith("2023-11-14");
        assertThat(messages(imported.get("id").stringValue()))
                .extracting(message -> message.get("content").stringValue())
                .containsExactly("Question", "Old", "New");
    }

    @Test
    void bombsAndOtherFilesAreRefused() throws IOException {
        byte[] bomb = zip("other.bin", new byte[64 << 20]);
        assertThat(bomb).hasSizeLessThan(100_000);
        assertThat(upload(bomb).body()).contains("unpacks to more than 100 times its size");
        assertThat(upload(zip("other.json", new byte[10])).body()).contains("has no conversations.json");
        for (String wrong : List.of("{}", "[{}]", "[{\"mapping\": {}", "PK", "")) {
            assertThat(upload(wrong.getBytes(StandardCharsets.UTF_8)).status())
                    .as(wrong)
                    .isEqualTo(400);
        }
    }

    @Test
    void aConversationIsBoundedAndNotTheirNumber() {
        String some = "{\"mapping\": {}, \"x\": [" + "{},".repeat(600_000) + "0]}";
        assertThat(upload(("[" + some + "," + some + "]").getBytes(StandardCharsets.UTF_8))
                        .json())
                .hasToString("{\"conversations\":0,\"messages\":0}");
        String tokens = "[{\"mapping\": {}}, {\"x\": [" + "{},".repeat(1_000_000);
        assertThat(upload(tokens.getBytes(StandardCharsets.UTF_8)).body())
                .contains("conversation 2 is too large: it has more than 2000000 JSON tokens");
        String text = "[{\"x\": [" + ("\"" + "x".repeat(6 << 20) + "\",").repeat(3);
        assertThat(upload(text.getBytes(StandardCharsets.UTF_8)).body())
                .contains("conversation 1 is too large: it has more than 16777216 characters");
    }

    @Test
    void oneImportOfAUserIsReadAtOnce() throws Exception {
        byte[] nothing = "[]".getBytes(StandardCharsets.UTF_8);
        String one =
                "[{\"title\": \"slow\", \"mapping\": {\"a\": {\"message\": {\"author\": {\"role\": \"user\"}, \"content\": {\"parts\": [\"x\"]}}}}}";
        URI address = URI.create(server.url());
        try (Socket slow = new Socket(address.getHost(), address.getPort())) {
            OutputStream out = slow.getOutputStream();
            String head = "POST " + IMPORT + " HTTP/1.1\r\nHost: mynah\r\nAuthorization: Bearer " + key
                    + "\r\nContent-Length: " + (one.length() + 1) + "\r\n\r\n" + one;
            out.write(head.getBytes(StandardCharsets.UTF_8));
            while (browser.get(PATH).json().get("data").isEmpty()) {
                Thread.sleep(5);
            }
            Reply second = upload(nothing);
            assertThat(second.status()).isEqualTo(429);
            assertThat(second.header("retry-after")).isEqualTo("10");
            assertThat(second.json().at("/error/code").stringValue()).isEqualTo("too_many_imports");
            String others = stranger.post("/api/keys", "{'name': 'k'}")
                    .json()
                    .get("secret")
                    .stringValue();
            assertThat(server.send(
                                    HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofByteArray(nothing)),
                                    IMPORT,
                                    others)
                            .status())
                    .isEqualTo(201);
            out.write(']');
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(slow.getInputStream(), StandardCharsets.UTF_8));
            assertThat(in.readLine()).startsWith("HTTP/1.1 201");
        }
        assertThat(upload(nothing).status()).isEqualTo(201);
    }

    @Test
    void settingsStayWithTheConversation() {
        String id = conversation();
        assertThat(browser.get(PATH + "/" + id).json().get("settings")).hasToString("{\"assistant\":\"poetry\"}");
        browser.send("PATCH", PATH + "/" + id, "{'settings': {'system': 'Be brief.'}}");
        browser.send("PATCH", PATH + "/" + id, "{'pinned': true}");
        assertThat(browser.get(PATH + "/" + id).json().get("settings")).hasToString("{\"system\":\"Be brief.\"}");
        assertThat(browser.send("PATCH", PATH + "/" + id, "{'settings': 'x'}").status())
                .isEqualTo(400);
    }

    @Test
    void assistantsAreOnesOwn() {
        String path = "/api/assistants";
        JsonNode made = browser.post(
                        path, "{'name': ' Haiku ', 'instructions': 'Write haiku.', 'starters': ['On rain', ' ']}")
                .json();
        assertThat(made.get("name").stringValue()).isEqualTo("Haiku");
        assertThat(made.get("starters")).hasSize(1);
        String one = path + "/" + made.get("id").stringValue();
        assertThat(stranger.send("PUT", one, "{'name': 'x', 'instructions': 'y'}")
                        .status())
                .isEqualTo(404);
        assertThat(stranger.send("DELETE", one, "").status()).isEqualTo(404);
        browser.send("PUT", one, "{'name': 'Tanka', 'instructions': 'Write tanka.', 'model': 'stub'}");
        JsonNode list = browser.get(path).json().get("data");
        assertThat(list).hasSize(1);
        assertThat(list.at("/0/name").stringValue()).isEqualTo("Tanka");
        assertThat(browser.post(path, "{'name': '', 'instructions': 'x'}").status())
                .isEqualTo(400);
        assertThat(browser.send("DELETE", one, "").status()).isEqualTo(204);
        assertThat(browser.get(path).json().get("data")).isEmpty();
    }
}
