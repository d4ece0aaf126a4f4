package dev.mynah.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.provider.LocalModels;
import dev.mynah.tensor.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The bundled model, which everybody meets first, does what the API offers within its short context. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PoetTest {
    private static final String WEATHER = """
            {'type': 'function', 'function': {'name': 'get_weather', 'description': 'Get the current weather in a given location', 'parameters': {
              'type': 'object', 'required': ['location', 'unit'], 'additionalProperties': false, 'properties': {
                'location': {'type': 'string', 'enum': ['Rome', 'Paris'], 'description': 'The city and state, e.g. San Francisco, CA'},
                'unit': {'type': 'string', 'enum': ['celsius', 'fahrenheit']}}}}}""";

    private TestServer server;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        server = TestServer.start(folder, Map.of(), LocalModels.open("poet", Path.of("../models/poet"), Device.CPU));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private JsonNode ask(String messages, String parameters) {
        Reply reply = server.post(
                "/v1/chat/completions",
                server.adminKey(),
                "{'model': 'poet', 'seed': 1, 'messages': [" + messages + "], " + parameters + "}");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json().at("/choices/0");
    }

    @Test
    void aToolIsCalledAndItsResultAnswered() {
        String question = "{'role': 'user', 'content': 'What is the weather like in Paris today?'}";
        JsonNode choice =
                ask(question, "'tool_choice': 'required', 'parallel_tool_calls': false, 'tools': [" + WEATHER + "]");

        assertThat(choice.get("finish_reason").stringValue())
                .as(choice.toString())
                .isEqualTo("tool_calls");
        JsonNode call = choice.at("/message/tool_calls/0");
        assertThat(call.at("/function/name").stringValue()).isEqualTo("get_weather");
        JsonNode arguments =
                JsonMapper.shared().readTree(call.at("/function/arguments").stringValue());
        assertThat(arguments.get("location").stringValue()).isIn("Rome", "Paris");
        assertThat(arguments.get("unit").stringValue()).isIn("celsius", "fahrenheit");

        String result = "{'role': 'tool', 'tool_call_id': '" + call.get("id").stringValue() + "', 'content': 'sunny'}";
        String calls =
                choice.get("message").toString().replace("\\\"", "\\u0022").replace('"', '\'');
        JsonNode answer = ask(question + ", " + calls + ", " + result, "'max_tokens': 20, 'tools': [" + WEATHER + "]");
        assertThat(answer.at("/message/content").stringValue()).isNotBlank();
    }

    @Test
    void anAnswerIsHeldToASchema() {
        JsonNode choice = ask(
                "{'role': 'user', 'content': '写一首关于雪的诗'}",
                "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'p', 'strict': true, 'schema': {'type': 'object',"
                        + " 'properties': {'form': {'enum': ['五言', '七言']}}, 'required': ['form'], 'additionalProperties': false}}}");

        assertThat(choice.get("finish_reason").stringValue()).isEqualTo("stop");
        assertThat(JsonMapper.shared()
                        .readTree(choice.at("/message/content").stringValue())
                        .get("form")
                        .stringValue())
                .isIn("五言", "七言");
    }
}
