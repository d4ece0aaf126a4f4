package dev.mynah.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CompletionsTest {
    private static final String PATH = "/v1/completions";

    private final TestServer server = TestServer.on(TestDatabase.H2);

    private Reply ask(String parameters) {
        return server.post(PATH, server.adminKey(), "{'model': 'stub', " + parameters + "}");
    }

    private static JsonNode choices(Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json().get("choices");
    }

    @Test
    void severalPromptsWithSeveralChoicesAndTheirEcho() {
        JsonNode choices = choices(ask("'prompt': ['echo a', 'echo b'], 'n': 2, 'echo': true"));

        assertThat(choices).hasSize(4);
        assertThat(choices.get(1).get("text").stringValue()).isEqualTo("echo aa");
        assertThat(choices.get(2).get("text").stringValue()).isEqualTo("echo bb");
        assertThat(choices.get(2).get("index").intValue()).isEqualTo(2);
        assertThat(choices.get(2).get("finish_reason").stringValue()).isEqualTo("stop");
    }

    @Test
    void whatFollowsTheAnswerGoesToTheModel() {
        choices(ask("'prompt': 'echo ab', 'suffix': 'the end'"));

        assertThat(server.engine().lastPrompt()).isEqualTo("echo ab[gap]the end");
    }

    @Test
    void logProbabilitiesStandInColumns() {
        JsonNode logProbs =
                choices(ask("'prompt': 'echo ab', 'logprobs': 1")).get(0).get("logprobs");

        assertThat(logProbs.get("tokens").get(1).stringValue()).isEqualTo("b");
        assertThat(logProbs.get("token_logprobs").get(1).doubleValue()).isEqualTo(-0.5);
        assertThat(logProbs.get("top_logprobs").get(1).get("b").doubleValue()).isEqualTo(-0.5);
        assertThat(logProbs.get("text_offset").get(1).intValue()).isEqualTo(1);
    }

    @Test
    void streams() {
        List<String> events = ask("'prompt': 'echo ab', 'stream': true, 'stream_options': {'include_usage': true}")
                .events();

        assertThat(events.getLast()).isEqualTo("[DONE]");
        JsonNode usage = JsonMapper.shared().readTree(events.get(events.size() - 2));
        assertThat(usage.get("choices").isEmpty()).isTrue();
        assertThat(usage.get("usage").get("completion_tokens").intValue()).isEqualTo(3);
    }

    @Test
    void everyChoiceIsChargedAndThePromptOnce() {
        TestUser user = TestUser.payingFrom(server, 1_000_000);

        server.post(PATH, user.key(), "{'model': 'stub', 'prompt': 'echo abc', 'n': 3}");

        assertThat(user.usage("prompt_tokens")).isEqualTo(8);
        assertThat(user.usage("completion_tokens")).isEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            'prompt': 'x', 'best_of': 3                  | best_of
            'prompt': [1, 'x']                           | prompt
            'prompt': []                                 | prompt
            'prompt': 'x', 'echo': true, 'logprobs': 1   | echo
            'prompt': [1, 2], 'suffix': 'x'              | suffix
            'prompt': 'x', 'messages': []                | messages
            """)
    void badParametersAreNamed(String parameters, String param) {
        Reply reply = ask(parameters);

        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.json().get("error").get("param").stringValue()).isEqualTo(param);
    }
}
