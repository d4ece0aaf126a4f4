package dev.mynah.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls of tools, and answers that are held to a form. */
class ToolCallsTest {
    private static final String PATH = "/v1/chat/completions";
    private static final String TOOLS = """
            'tools': [
                {'type': 'function', 'function': {'name': 'weather', 'description': 'Tells the weather.', 'strict': true, 'parameters':
                    {'type': 'object', 'properties': {'city': {'type': 'string'}}, 'required': ['city'], 'additionalProperties': false}}},
                {'type': 'function', 'function': {'name': 'time'}}]""";
    private static final String TWO_CALLS =
            "I look. <tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Xi'an\"}}\n</tool_call>\n"
                    + "<tool_call>\n{\"name\": \"time\", \"arguments\": {}}\n</tool_call>";

    private final TestServer server = TestServer.on(TestDatabase.H2);

    ToolCallsTest() {
        server.engine().teach("two calls", TWO_CALLS);
        server.engine().teach("only calls", TWO_CALLS.substring("I look. ".length()));
        server.engine().teach("json", "Sure: {\"a\": [1, 2]} there you are");
    }

    private Reply ask(String json) {
        return server.post(PATH, server.adminKey(), json);
    }

    private static JsonNode choice(Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json().get("choices").get(0);
    }

    @Test
    void callsAreToldApartFromText() {
        JsonNode choice = choice(ask(TestServer.chat("two calls", TOOLS)));

        assertThat(choice.get("finish_reason").stringValue()).isEqualTo("tool_calls");
        assertThat(choice.get("message").get("content").stringValue()).isEqualTo("I look. \n");
        JsonNode calls = choice.get("message").get("tool_calls");
        assertThat(calls).hasSize(2);
        assertThat(calls.get(0).get("id").stringValue()).startsWith("call_");
        assertThat(calls.get(0).get("id")).isNotEqualTo(calls.get(1).get("id"));
        assertThat(calls.get(0).get("type").stringValue()).isEqualTo("function");
        assertThat(calls.get(0).get("function").get("name").stringValue()).isEqualTo("weather");
        assertThat(calls.get(0).get("function").get("arguments").stringValue()).isEqualTo("{\"city\":\"Xi'an\"}");
        assertThat(server.engine().lastPrompt()).startsWith("tools: weather, time\n");
    }

    @Test
    void anAnswerOfCallsAloneHasNoContent() {
        JsonNode message = choice(ask(TestServer.chat("only calls", TOOLS))).get("message");

        assertThat(message.get("content").isNull()).isTrue();
        assertThat(message.get("tool_calls")).hasSize(2);
    }

    @Test
    void streamedCallsKeepTheirIndexesAndIds() {
        List<String> events = ask(TestServer.chat("two calls", TOOLS, "'stream': true", "'n': 2"))
                .events();

        List<JsonNode> pieces = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (String event : events.subList(0, events.size() - 1)) {
            JsonNode choice = JsonMapper.shared().readTree(event).get("choices").get(0);
            if (choice.get("index").intValue() == 1) {
                choice.get("delta").path("tool_calls").forEach(pieces::add);
                if (!choice.get("finish_reason").isNull()) {
                    reasons.add(choice.get("finish_reason").stringValue());
                }
            }
        }
        assertThat(reasons).containsExactly("tool_calls");
        assertThat(pieces).hasSize(4);
        assertThat(pieces.stream().map(piece -> piece.get("index").intValue())).containsExactly(0, 0, 1, 1);
        assertThat(pieces.get(0).get("id").stringValue()).startsWith("call_");
        assertThat(pieces.get(0).get("function").get("name").stringValue()).isEqualTo("weather");
        assertThat(pieces.get(1).has("id")).isFalse();
        assertThat(pieces.get(1).get("function").get("arguments").stringValue()).isEqualTo("{\"city\":\"Xi'an\"}");
    }

    @Test
    void oneCallWhereMoreAreNotWanted() {
        JsonNode message = choice(ask(TestServer.chat("two calls", TOOLS, "'parallel_tool_calls': false")))
                .get("message");

        assertThat(message.get("tool_calls")).hasSize(1);
    }

    @Test
    void noToolsWhereNoneMayBeCalled() {
        JsonNode choice = choice(ask(TestServer.chat("two calls", TOOLS, "'tool_choice': 'none'")));

        assertThat(choice.get("finish_reason").stringValue()).isEqualTo("stop");
        assertThat(choice.get("message").get("content").stringValue()).isEqualTo(TWO_CALLS);
        assertThat(choice.get("message").has("tool_calls")).isFalse();
    }

    /** The engine leaves out what the constraint forbids, so that only the call remains. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            required                                            | weather
            {'type': 'function', 'function': {'name': 'time'}}  | time
            """)
    void aCallThatMustComeIsOneByTheSchema(String choice, String called) {
        server.engine()
                .teach(
                        "must",
                        "Hm. <tool_call>\n{\"name\": \"" + called + "\", \"arguments\": "
                                + (called.equals("time") ? "{}" : "{\"city\": \"Rome\"}") + "}\n</tool_call>");
        String quoted = choice.startsWith("{") ? choice : "'" + choice + "'";
        JsonNode answered =
                choice(ask(TestServer.chat("must", TOOLS, "'tool_choice': " + quoted, "'parallel_tool_calls': false")));

        assertThat(answered.get("finish_reason").stringValue()).isEqualTo("tool_calls");
        assertThat(answered.get("message").get("content").isNull()).isTrue();
        assertThat(answered.get("message")
                        .get("tool_calls")
                        .get(0)
                        .get("function")
                        .get("name")
                        .stringValue())
                .isEqualTo(called);
    }

    /** The engine leaves out what the constraint forbids, once a call has begun. */
    @Test
    void aCallOfAStrictToolThatMayComeIsOneByTheSchema() {
        server.engine()
                .teach(
                        "loose",
                        "Hm. <tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": 1\"Rome\", \"x\": 2}}\n</tool_call> {1\"}");
        JsonNode message = choice(ask(TestServer.chat("loose", TOOLS))).get("message");

        assertThat(message.get("content").stringValue()).isEqualTo("Hm.  {1\"}");
        assertThat(message.at("/tool_calls/0/function/arguments").stringValue()).isEqualTo("{\"city\":\"Rome\"}");
    }

    @Test
    void resultsGoBackToTheModel() {
        Reply reply = ask("""
                {'model': 'stub', 'messages': [{'role': 'user', 'content': 'echo ok'},
                    {'role': 'assistant', 'content': null, 'tool_calls':
                        [{'id': 'call_1', 'type': 'function', 'function': {'name': 'time', 'arguments': '{}'}}]},
                    {'role': 'tool', 'tool_call_id': 'call_1', 'content': [{'type': 'text', 'text': 'noon'}]}]}""");

        assertThat(choice(reply).get("message").get("content").stringValue()).isEqualTo("ok");
        assertThat(server.engine().lastPrompt())
                .isEqualTo("user: echo ok\nassistant: call_1=time{}\ntool: call_1=noon\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {'type': 'json_object'} | {\"a\": [1, 2]}
            {'type': 'json_schema', 'json_schema': {'name': 'A', 'strict': true, 'schema': {'type': 'object', 'properties': {'a': {'type': 'array', 'items': {'type': 'integer'}}}, 'required': ['a'], 'additionalProperties': false}}} | {\"a\": [1, 2]}
            {'type': 'text'} | Sure: {\"a\": [1, 2]} there you are
            """)
    void answersAreHeldToTheirFormat(String format, String answer) {
        JsonNode choice = choice(ask(TestServer.chat("json", "'response_format': " + format)));

        assertThat(choice.get("message").get("content").stringValue()).isEqualTo(answer.replace("\\", ""));
        assertThat(choice.get("finish_reason").stringValue()).isEqualTo("stop");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            'tools': [{'type': 'web_search'}]                                          | tools[0].type
            'tools': [{'type': 'function', 'function': {'name': 'a b'}}]               | tools[0].function.name
            'tools': [{'type': 'function', 'function': {'name': 'a', 'x': 1}}]         | tools[0].function.x
            'tools': [{'type': 'function', 'function': {'name': 'a', 'parameters': 3}}]| tools[0].function.parameters
            'tool_choice': 'required'                                                  | tool_choice
            'tool_choice': {'type': 'function', 'function': {'name': 'a'}}             | tool_choice
            'functions': []                                                            | functions
            'response_format': {'type': 'xml'}                                         | response_format.type
            'response_format': {'type': 'json_schema'}                                 | response_format.json_schema
            'audio': {}                                                                | audio
            """)
    void whatIsNotSupportedIsNamed(String parameter, String param) {
        Reply reply = ask(TestServer.chat("x", parameter));

        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.json().get("error").get("param").stringValue()).isEqualTo(param);
    }

    @Test
    void picturesAreRefusedByName() {
        Reply reply = ask("""
                {'model': 'stub', 'messages': [{'role': 'user', 'content': [{'type': 'image_url', 'image_url': {'url': 'x'}}]}]}""");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().get("error").get("param").stringValue()).isEqualTo("messages[0].content[0].type");
        assertThat(reply.json().get("error").get("message").stringValue()).contains("image_url");
    }

    @Test
    void aSchemaThatIsNotSupportedIsNamed() {
        Reply reply = ask(TestServer.chat("x", """
                'response_format': {'type': 'json_schema', 'json_schema': {'name': 'A', 'schema': {'type': 'object', 'patternProperties': {}}}}"""));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().get("error").get("message").stringValue()).contains("patternProperties");
    }
}
