package dev.mynah.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import dev.mynah.server.provider.LocalModels;
import dev.mynah.tensor.Device;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Embeddings of a tiny BERT beside the chat model. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbeddingsTest {
    private static final String PATH = "/v1/embeddings";
    private static final Path BERT = Path.of("../mynah-engine/src/test/resources/fixtures/bert");

    private TestServer server;
    private JsonNode reference;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        server = TestServer.start(folder, Map.of(), LocalModels.open("bert", BERT, Device.CPU));
        reference = JsonMapper.shared().readTree(BERT.resolve("embeddings.json"));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Reply ask(String parameters) {
        return server.post(PATH, server.adminKey(), "{'model': 'bert', " + parameters + "}");
    }

    private String text(int index) {
        return reference.get(index).get("text").stringValue();
    }

    private static JsonNode data(Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json().get("data");
    }

    @Test
    void textsAndTokensHaveTheSameVectors() {
        JsonNode data = data(ask("'input': ['" + text(0) + "', 'bird']"));
        JsonNode ofTokens = data(ask("'input': " + reference.get(0).get("ids")));

        assertThat(data).hasSize(2);
        assertThat(data.get(1).get("index").intValue()).isEqualTo(1);
        assertThat(ofTokens.get(0).get("embedding")).isEqualTo(data.get(0).get("embedding"));
        for (int i = 0; i < 16; i++) {
            assertThat(data.get(0).get("embedding").get(i).doubleValue())
                    .isCloseTo(reference.get(0).get("embedding").get(i).doubleValue(), within(1e-5));
        }
    }

    @Test
    void base64HoldsTheSameNumbers() {
        JsonNode numbers = data(ask("'input': 'bird'")).get(0).get("embedding");
        String base64 = data(ask("'input': 'bird', 'encoding_format': 'base64'"))
                .get(0)
                .get("embedding")
                .stringValue();

        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        for (JsonNode number : numbers) {
            assertThat(bytes.getFloat()).isEqualTo(number.floatValue());
        }
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void shorterVectorsHaveTheLengthOne() {
        JsonNode vector = data(ask("'input': 'bird', 'dimensions': 4")).get(0).get("embedding");

        double square = 0;
        for (JsonNode number : vector) {
            square += Math.pow(number.doubleValue(), 2);
        }
        assertThat(vector).hasSize(4);
        assertThat(square).isCloseTo(1, within(1e-6));
    }

    @Test
    void whatWasReadIsCharged() throws IOException {
        TestUser user = TestUser.payingFrom(server, 1_000_000);
        String twenty = "'bird'" + ", 'bird'".repeat(19);
        Reply reply = server.post(PATH, user.key(), "{'model': 'bert', 'input': [" + twenty + "]}");

        // [CLS] bird [SEP], twenty times, at 0.1 micro-units.
        assertThat(reply.json().get("usage").get("prompt_tokens").intValue()).isEqualTo(60);
        assertThat(user.usage("prompt_tokens")).isEqualTo(60);
        assertThat(user.usage("cost")).isEqualTo(6);
        assertThat(user.balance()).isEqualTo(1_000_000 - 6);
        assertThat(server.audit().isClean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            'input': ''                                 | 400 | input
            'input': []                                 | 400 | input
            'input': 'a', 'dimensions': 0               | 400 | dimensions
            'input': 'a', 'dimensions': 17              | 400 | dimensions
            'input': 'a', 'encoding_format': 'int8'     | 400 | encoding_format
            'input': 'a', 'truncate': true              | 400 | truncate
            """)
    void badParametersAreNamed(String parameters, int status, String param) {
        Reply reply = ask(parameters);

        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.json().get("error").get("param").stringValue()).isEqualTo(param);
    }

    @Test
    void aTextBeyondTheContextIsRefusedWithBothNumbers() {
        Reply reply = ask("'input': '" + "bird ".repeat(40) + "'");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().get("error").get("code").stringValue()).isEqualTo("context_length_exceeded");
        assertThat(reply.json().get("error").get("param").stringValue()).isEqualTo("input");
        assertThat(reply.json().get("error").get("message").stringValue())
                .contains("42 tokens")
                .contains("32 tokens");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[100000000]", "[[1], [100000000]]", "[[]]", "[[1], []]"})
    void tokensThatTheModelDoesNotHaveAreRefused(String input) throws IOException {
        Reply reply = ask("'input': " + input);

        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.json().at("/error/message").stringValue()).containsPattern("100000000|without tokens");
        assertThat(server.audit().isClean()).isTrue();
    }

    @Test
    void eachModelDoesWhatItCan() {
        Reply chat = server.post(
                "/v1/chat/completions", server.adminKey(), TestServer.chat("x").replace("stub", "bert"));
        Reply vector = server.post(PATH, server.adminKey(), "{'model': 'stub', 'input': 'x'}");

        assertThat(chat.status()).isEqualTo(400);
        assertThat(vector.status()).isEqualTo(400);
        assertThat(vector.json().get("error").get("message").stringValue()).contains("stub");
    }
}
