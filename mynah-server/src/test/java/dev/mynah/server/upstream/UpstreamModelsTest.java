package dev.mynah.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import dev.mynah.server.store.Ids;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** The service as its own upstream. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class UpstreamModelsTest {
    private final TestServer server;
    private final String name = Ids.next("up");

    UpstreamModelsTest(TestDatabase database) {
        server = TestServer.on(database);
    }

    /** The other tests take the first model that answers. */
    @AfterEach
    void takeTheUpstreamAway() {
        server.send(HttpRequest.newBuilder().DELETE(), "/api/admin/upstreams/" + name, server.adminKey());
    }

    private Reply admin(String path, String json) {
        return server.post("/api/admin/" + path, server.adminKey(), json);
    }

    private void register() {
        Reply upstream = admin(
                "upstreams",
                "{'id': '" + name + "', 'base_url': '" + server.url() + "/v1/', 'api_key': '" + server.adminKey()
                        + "'}");
        assertThat(upstream.status()).as(upstream.body()).isEqualTo(200);
        assertThat(upstream.body()).doesNotContain(server.adminKey());
        Reply model = admin(
                "models",
                "{'id': 'far/" + name + "', 'max_output_tokens': 100, 'input_price': 1000000, 'output_price': 2000000,"
                        + " 'routes': [{'upstream': '" + name + "', 'model': 'stub', 'weight': 3}]}");
        assertThat(model.status()).as(model.body()).isEqualTo(200);
        assertThat(model.json().get("routes").toString())
                .isEqualTo("[{\"upstream\":\"" + name + "\",\"model\":\"stub\",\"weight\":3}]");
    }

    private String chat(String content, String... more) {
        return TestServer.chat(content, more).replace("'stub'", "'far/" + name + "'");
    }

    @Test
    void answersAreChargedByTheUpstreamsCounts() {
        register();
        TestUser user = TestUser.payingFrom(server, 1_000_000);

        Reply reply = server.post("/v1/chat/completions", user.key(), chat("echo abc"));

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        JsonNode json = reply.json();
        assertThat(json.get("choices").get(0).get("message").get("content").stringValue())
                .isEqualTo("abc");
        assertThat(json.get("usage").get("prompt_tokens").intValue()).isEqualTo(15);
        assertThat(json.get("usage").get("completion_tokens").intValue()).isEqualTo(4);
        assertThat(user.usage("cost")).isEqualTo(15 + 2 * 4);
        assertThat(user.balance()).isEqualTo(1_000_000 - 23);
    }

    @Test
    void toolsAndRefusalsGoThrough() {
        register();
        server.engine().teach("far call", "<tool_call>\n{\"name\": \"time\", \"arguments\": {}}\n</tool_call>");

        Reply called = server.post(
                "/v1/chat/completions",
                server.adminKey(),
                chat("far call", "'tools': [{'type': 'function', 'function': {'name': 'time'}}]"));
        Reply tooLong = server.post("/v1/chat/completions", server.adminKey(), chat("a".repeat(2_000)));

        assertThat(called.json().get("choices").get(0).get("finish_reason").stringValue())
                .isEqualTo("tool_calls");
        assertThat(tooLong.status()).isEqualTo(400);
        assertThat(tooLong.json().get("error").get("message").stringValue()).contains("2000 tokens");
    }

    @Test
    void anUpstreamCanBeChangedAndTakenAway() {
        register();
        String path = "/api/admin/upstreams/" + name;

        assertThat(server.send("PATCH", path, server.adminKey(), "{'enabled': false}")
                        .status())
                .isEqualTo(200);
        assertThat(server.post("/v1/chat/completions", server.adminKey(), chat("x"))
                        .status())
                .isEqualTo(404);
        assertThat(server.send(HttpRequest.newBuilder().DELETE(), path, server.adminKey())
                        .status())
                .isEqualTo(200);
        assertThat(server.send(HttpRequest.newBuilder().DELETE(), path, server.adminKey())
                        .status())
                .isEqualTo(404);
    }

    @Test
    void badRegistrationsAreRefused() {
        assertThat(admin("upstreams", "{'id': 'x', 'base_url': 'file:///etc'}").status())
                .isEqualTo(400);
        assertThat(admin(
                                "models",
                                "{'id': 'x', 'max_output_tokens': 1, 'input_price': 1, 'output_price': 1, 'routes': []}")
                        .status())
                .isEqualTo(400);
        assertThat(admin(
                                "models",
                                "{'id': 'x', 'max_output_tokens': 1, 'input_price': 1, 'output_price': 1,"
                                        + " 'routes': [{'upstream': 'nobody', 'model': 'x'}]}")
                        .status())
                .isEqualTo(400);
        TestUser user = TestUser.onPlan(server, "free");
        assertThat(server.get("/api/admin/upstreams", user.key()).status()).isEqualTo(403);
    }
}
