package dev.mynah.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import dev.mynah.server.account.Caller;
import dev.mynah.server.account.UserRepository;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class ResponsesTest {
    private static final String PATH = "/v1/responses";
    private static final String TOOLS =
            "'tools': [{'type': 'function', 'name': 'time', 'parameters': {'type': 'object', 'properties': {}}, 'strict': false}]";

    private final TestServer server;

    ResponsesTest(TestDatabase database) {
        server = TestServer.on(database);
        server.engine().teach("call", "<tool_call>\n{\"name\": \"time\", \"arguments\": {}}\n</tool_call>");
    }

    private Reply ask(String parameters) {
        return server.post(PATH, server.adminKey(), "{'model': 'stub', " + parameters + "}");
    }

    private static JsonNode ok(Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json();
    }

    private Reply delete(String id, String key) {
        return server.send(HttpRequest.newBuilder().DELETE(), PATH + "/" + id, key);
    }

    @Test
    void answersAndIsKeptUntilItIsDeleted() {
        JsonNode response = ok(
                ask(
                        "'input': 'echo hi', 'instructions': 'be short', 'metadata': {'a': 'b'}, 'prompt_cache_key': 'k', 'max_tool_calls': 3"));

        String id = response.get("id").stringValue();
        assertThat(id).startsWith("resp_");
        assertThat(response.get("status").stringValue()).isEqualTo("completed");
        JsonNode message = response.get("output").get(0);
        assertThat(message.get("type").stringValue()).isEqualTo("message");
        assertThat(message.get("content").get(0).get("text").stringValue()).isEqualTo("hi");
        assertThat(response.get("usage").get("output_tokens").intValue()).isEqualTo(3);
        assertThat(response.get("metadata").get("a").stringValue()).isEqualTo("b");
        assertThat(response.get("prompt_cache_key").stringValue()).isEqualTo("k");
        assertThat(response.get("max_tool_calls").intValue()).isEqualTo(3);
        assertThat(server.engine().lastPrompt()).isEqualTo("system: be short\nuser: echo hi\n");

        assertThat(ok(server.get(PATH + "/" + id, server.adminKey()))).isEqualTo(response);
        JsonNode items = ok(server.get(PATH + "/" + id + "/input_items", server.adminKey()));
        assertThat(items.get("data").get(0).get("content").get(0).get("text").stringValue())
                .isEqualTo("echo hi");

        assertThat(ok(delete(id, server.adminKey())).get("deleted").booleanValue())
                .isTrue();
        assertThat(server.get(PATH + "/" + id, server.adminKey()).status()).isEqualTo(404);
        assertThat(delete(id, server.adminKey()).status()).isEqualTo(404);
    }

    @Test
    void anothersResponseIsNotThere() {
        String id = ok(ask("'input': 'echo secret'")).get("id").stringValue();
        TestUser other = TestUser.payingFrom(server, 1_000_000);

        assertThat(server.get(PATH + "/" + id, other.key()).status()).isEqualTo(404);
        assertThat(server.get(PATH + "/" + id + "/input_items", other.key()).status())
                .isEqualTo(404);
        assertThat(delete(id, other.key()).status()).isEqualTo(404);
        Reply goesOn =
                server.post(PATH, other.key(), "{'model': 'stub', 'input': 'x', 'previous_response_id': '" + id + "'}");
        assertThat(goesOn.status()).isEqualTo(400);
        assertThat(goesOn.json().get("error").get("param").stringValue()).isEqualTo("previous_response_id");
        assertThat(server.get(PATH + "/" + id, server.adminKey()).status()).isEqualTo(200);
    }

    @Test
    void whatEndsAfterItsUserHasLeftIsNotKept() {
        TestUser user = TestUser.payingFrom(server, 1_000_000);
        Caller caller = user.caller();
        StoredResponses responses = server.bean(StoredResponses.class);
        StoredChatCompletions completions = server.bean(StoredChatCompletions.class);
        List<String> ids = List.of(Ids.next("resp_"), Ids.next("resp_"));
        for (String id : ids) {
            JsonNode body = JsonMapper.shared()
                    .createObjectNode()
                    .put("id", id)
                    .set("output", JsonMapper.shared().createArrayNode());
            responses.insert(id, user.userId(), null, body.get("output"), body);
            completions.insert(caller, "stub", Map.of("a", "b"), body.get("output"), body);
            boolean kept = id.equals(ids.getFirst());
            assertThat(responses.find(id, user.userId()).isPresent()).isEqualTo(kept);
            assertThat(completions.find(id, caller.projectId()).isPresent()).isEqualTo(kept);
            server.bean(Transactions.class)
                    .run(() -> server.bean(UserRepository.class).erase(user.userId()));
        }
    }

    @Test
    void anEndpointThatIsNotHereIsNoneThoughAnIdWouldHaveItsAddress() {
        Reply compact = server.post(PATH + "/compact", server.adminKey(), "{'model': 'stub', 'input': 'x'}");
        Reply nothing = server.post("/v1/no/such/endpoint", server.adminKey(), "{}");
        assertThat(compact.status()).isEqualTo(404);
        assertThat(compact.json().at("/error/type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(compact.body()).isEqualTo(nothing.body());
        assertThat(server.post(PATH + "/resp_0", server.adminKey(), "{}").status())
                .isEqualTo(405);
    }

    @Test
    void whatAnAddressMayNotSayIsNamed() {
        String id = ok(ask("'input': 'echo a'")).get("id").stringValue();
        for (String query :
                List.of("?include%5B%5D=message.output_text.logprobs", "?include=x", "?stream=false&", "?")) {
            ok(server.get(PATH + "/" + id + query, server.adminKey()));
        }
        ok(server.get(PATH + "/" + id + "/input_items?limit=1", server.adminKey()));
        ok(server.get("/v1/chat/completions?metadata%5Ba%5D=b&limit=1", server.adminKey()));
        for (String address : List.of("/v1/models?limi%74=2", "/v1/files?limit=1&limits=2", PATH + "?limit=1")) {
            Reply reply = address.startsWith(PATH)
                    ? server.post(address, server.adminKey(), "{'model': 'stub', 'input': 'x'}")
                    : server.get(address, server.adminKey());
            assertThat(reply.status()).as(address).isEqualTo(400);
            assertThat(reply.json().at("/error/code").stringValue()).isEqualTo("unknown_parameter");
            assertThat(reply.json().at("/error/param").stringValue()).startsWith("limit");
        }
    }

    @Test
    void whatIsNotToBeKeptIsNot() {
        String id = ok(ask("'input': 'echo a', 'store': false")).get("id").stringValue();

        assertThat(server.get(PATH + "/" + id, server.adminKey()).status()).isEqualTo(404);
    }

    @Test
    void whatTheModelDoesNotReadIsKeptOnlyInSmall() {
        String large = "'" + "x".repeat(1_100_000) + "'";
        String part = "'input': [{'role': 'user', 'content': [{'type': 'input_text', 'text': 'echo a', 'annotations': ["
                + large + "]}]}]";
        String tools = "'input': 'echo a', 'tool_choice': 'none', "
                + TOOLS.replace("'strict'", "'description': " + large + ", 'strict'");
        Map<String, String> refused = Map.of(
                "'input': [{'id': {'a': [1]}, 'role': 'user', 'content': 'echo a'}]",
                "input[0].id",
                "'input': [{'id': '" + "x".repeat(65) + "', 'role': 'user', 'content': 'echo a'}]",
                "input[0].id",
                "'input': 'echo a', 'user': " + large,
                "user",
                tools,
                "tools",
                part,
                "input");
        refused.forEach((parameters, param) -> {
            Reply reply = ask(parameters);
            assertThat(reply.status()).as(param).isEqualTo(400);
            assertThat(reply.json().at("/error/param").stringValue()).isEqualTo(param);
        });
        ok(ask(part + ", 'store': false"));
        ok(ask(tools + ", 'store': false"));

        Reply chat = server.post(
                "/v1/chat/completions",
                server.adminKey(),
                "{'model': 'stub', 'store': true, 'messages': [{'role': 'assistant', 'content': 'a', 'annotations': "
                        + large + "}, {'role': 'user', 'content': 'echo a'}]}");
        assertThat(chat.status()).isEqualTo(400);
        assertThat(chat.json().at("/error/param").stringValue()).isEqualTo("messages");
    }

    @Test
    void longConversationsAndListsAreReadInPart() {
        TestUser user = TestUser.payingFrom(server, 1_000_000);
        JsonNode text = JsonMapper.shared()
                .readTree(
                        "[{\"type\": \"message\", \"role\": \"user\", \"content\": \"" + "x".repeat(6 << 20) + "\"}]");
        JsonNode answer = JsonMapper.shared().readTree("{\"output\": []}");
        StoredResponses responses = server.bean(StoredResponses.class);
        @Nullable String last = null;
        for (int i = 0; i < 3; i++) {
            String id = Ids.next("resp_");
            responses.insert(id, user.userId(), last, text, answer);
            last = id;
        }
        Reply goesOn = server.post(
                PATH, user.key(), "{'model': 'stub', 'input': 'x', 'previous_response_id': '" + last + "'}");
        assertThat(goesOn.status()).isEqualTo(400);
        assertThat(goesOn.json().at("/error/message").stringValue()).contains("more than 16777216 characters");

        StoredChatCompletions completions = server.bean(StoredChatCompletions.class);
        List<String> ids =
                Stream.generate(() -> Ids.next("chatcmpl-")).limit(3).sorted().toList();
        for (String id : ids) {
            JsonNode body = JsonMapper.shared().createObjectNode().put("id", id);
            completions.insert(user.caller(), "stub", Map.of(), text, body);
        }
        JsonNode first = ok(server.get("/v1/chat/completions?limit=10", user.key()));
        assertThat(first.get("data").findValuesAsString("id")).isEqualTo(ids.subList(0, 2));
        assertThat(first.get("has_more").booleanValue()).isTrue();
        JsonNode rest = ok(server.get("/v1/chat/completions?limit=10&after=" + ids.get(1), user.key()));
        assertThat(rest.get("data").findValuesAsString("id")).isEqualTo(ids.subList(2, 3));
        assertThat(rest.get("has_more").booleanValue()).isFalse();
    }

    @Test
    void aConversationGoesOnFromAResponse() {
        String first = ok(ask("'input': 'echo one', 'instructions': 'only then'"))
                .get("id")
                .stringValue();
        String second = ok(ask("'input': 'call', " + TOOLS + ", 'previous_response_id': '" + first + "'"))
                .get("id")
                .stringValue();
        JsonNode call = ok(server.get(PATH + "/" + second, server.adminKey()))
                .get("output")
                .get(0);
        String callId = call.get("call_id").stringValue();
        JsonNode third = ok(ask("'previous_response_id': '" + second
                + "', 'input': [{'type': 'function_call_output', 'call_id': '" + callId + "', 'output': 'noon'},"
                + " {'role': 'user', 'content': [{'type': 'input_text', 'text': 'echo done'}]}]"));

        assertThat(call.get("type").stringValue()).isEqualTo("function_call");
        assertThat(third.get("previous_response_id").stringValue()).isEqualTo(second);
        assertThat(server.engine().lastPrompt())
                .isEqualTo("user: echo one\nassistant: one\nuser: call\nassistant: " + callId + "=time{}\ntool: "
                        + callId + "=noon\nuser: echo done\n");
    }

    @Test
    void streamsTheStepsInOrder() {
        Reply reply = ask("'input': 'echo ab', 'stream': true");

        List<JsonNode> events =
                reply.events().stream().map(JsonMapper.shared()::readTree).toList();
        assertThat(events.stream().map(event -> event.get("type").stringValue()))
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).get("sequence_number").intValue()).isEqualTo(i);
        }
        assertThat(reply.body()).contains("event: response.output_text.delta\n");
        assertThat(events.get(6).get("text").stringValue()).isEqualTo("ab");
        JsonNode completed = events.getLast().get("response");
        assertThat(completed.get("usage").get("output_tokens").intValue()).isEqualTo(3);
        assertThat(ok(server.get(PATH + "/" + completed.get("id").stringValue(), server.adminKey())))
                .isEqualTo(completed);
    }

    @Test
    void streamsCalls() {
        Reply reply = ask("'input': 'call', 'stream': true, " + TOOLS);

        List<JsonNode> events =
                reply.events().stream().map(JsonMapper.shared()::readTree).toList();
        assertThat(events.stream().map(event -> event.get("type").stringValue()))
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.completed");
        assertThat(events.get(5).get("item").get("arguments").stringValue()).isEqualTo("{}");
    }

    @Test
    void anAnswerThatIsCutIsIncomplete() {
        JsonNode response = ok(ask("'input': 'echo abcdef', 'max_output_tokens': 3"));

        assertThat(response.get("status").stringValue()).isEqualTo("incomplete");
        assertThat(response.get("incomplete_details").get("reason").stringValue())
                .isEqualTo("max_output_tokens");
        assertThat(response.get("output").get(0).get("status").stringValue()).isEqualTo("incomplete");
    }

    @Test
    void aFailureIsAnEvent() {
        List<String> events = ask("'input': 'fail 2', 'stream': true").events();

        assertThat(events.getLast()).contains("response.failed");
    }

    @Test
    void textIsHeldToItsFormat() {
        server.engine().teach("json", "Yes: {\"a\": 1}!");
        JsonNode response = ok(
                ask(
                        "'input': 'json', 'text': {'format': {'type': 'json_schema', 'name': 'x', 'schema':"
                                + " {'type': 'object', 'properties': {'a': {'type': 'integer'}}, 'required': ['a'], 'additionalProperties': false}}}"));

        assertThat(response.get("output")
                        .get(0)
                        .get("content")
                        .get(0)
                        .get("text")
                        .stringValue())
                .isEqualTo("{\"a\": 1}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            'input': 'x', 'n': 2                                               | n
            'input': 'x', 'stream': true, 'stream_options': {'include_usage': true} | stream_options.include_usage
            'input': 'x', 'background': true                                   | background
            'input': 'x', 'previous_response_id': 'resp_0'                     | previous_response_id
            'input': [{'type': 'item_reference', 'id': 'x'}]                   | input[0].type
            'input': [{'role': 'user', 'content': [{'type': 'input_image'}]}]  | input[0].content[0].type
            'input': []                                                        | input
            'input': [{'id': 'a', 'role': 'user', 'content': 'x'}, {'id': 'a', 'role': 'user', 'content': 'y'}] | input[1].id
            'instructions': 'x'                                                | input
            'input': 'x', 'tools': [{'type': 'web_search'}]                    | tools[0].type
            'input': 'x', 'text': {'verbosity': 'low'}                         | text.verbosity
            'input': 'x', 'text': {'format': {'type': 'json_schema', 'name': 'A', 'schema': {'type': 'object', 'patternProperties': {}}}} | text.format.schema
            'input': 'x', 'tool_choice': 'required', 'tools': [{'type': 'function', 'name': 'a', 'parameters': {'type': 'object', 'patternProperties': {}}}] | tools[0].parameters
            """)
    void whatIsNotSupportedIsNamed(String parameters, String param) {
        Reply reply = ask(parameters);

        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.json().get("error").get("param").stringValue()).isEqualTo(param);
    }
}
