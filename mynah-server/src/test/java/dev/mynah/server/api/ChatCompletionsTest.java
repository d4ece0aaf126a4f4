package dev.mynah.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.Browser;
import dev.mynah.server.StubEngine;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class ChatCompletionsTest {
    private static final String PATH = "/v1/chat/completions";

    private final TestServer server;

    ChatCompletionsTest(TestDatabase database) {
        server = TestServer.on(database);
    }

    private Reply ask(String json) {
        return server.post(PATH, server.adminKey(), json);
    }

    @Test
    void answersAsAWhole() {
        Reply reply = ask(TestServer.chat("echo one two"));

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        JsonNode json = reply.json();
        assertThat(json.get("id").stringValue()).startsWith("chatcmpl-");
        assertThat(json.get("object").stringValue()).isEqualTo("chat.completion");
        assertThat(json.get("choices").get(0).get("message").get("content").stringValue())
                .isEqualTo("one two");
        assertThat(json.get("choices").get(0).get("finish_reason").stringValue())
                .isEqualTo("stop");
        assertThat(json.get("choices").get(0).get("logprobs").isNull()).isTrue();
        JsonNode usage = json.get("usage");
        assertThat(usage.get("prompt_tokens").intValue()).isEqualTo("user: echo one two\n".length());
        // The token that ends the text counts.
        assertThat(usage.get("completion_tokens").intValue()).isEqualTo("one two".length() + 1);
        assertThat(usage.get("total_tokens").intValue())
                .isEqualTo(usage.get("prompt_tokens").intValue()
                        + usage.get("completion_tokens").intValue());
    }

    /** Answers of other services have more in them than ours, and hints change nothing. */
    @Test
    void takesMessagesAsClientsSendThemBack() {
        Reply reply = ask(TestServer.chat("echo one", "'prompt_cache_retention': '24h'", "'prompt_cache_options': {}")
                .replace(
                        "'messages': [",
                        "'messages': [{'role': 'assistant', 'content': 'a', 'refusal': null, 'annotations': [], 'audio': null,"
                                + " 'function_call': null, 'tool_calls': null},"
                                + " {'role': 'assistant', 'content': [{'type': 'refusal', 'refusal': 'no'}]}, "));

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(server.engine().lastPrompt()).contains("assistant: a\nassistant: no\n");
    }

    @Test
    void goesOnWithTheLastMessageWhereAsked() {
        String begun =
                "{'model': 'stub', 'messages': [{'role': 'user', 'content': 'echo one'}, {'role': 'assistant', 'content': 'zero '}], 'continue_final_message': true}";
        assertThat(ask(begun).status()).isEqualTo(200);
        assertThat(server.engine().lastPrompt()).isEqualTo("user: echo one\nassistant: zero ");
        Reply refused = ask(TestServer.chat("echo one", "'continue_final_message': true"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("the last message must be the assistant's");
    }

    @Test
    void streamsAndReportsUsageOnlyWhereAsked() {
        List<String> plain = ask(TestServer.chat("echo 你好", "'stream': true")).events();
        List<String> withUsage = ask(TestServer.chat(
                        "echo 你好", "'stream': true", "'stream_options': {'include_usage': true}"))
                .events();

        assertThat(plain.getLast()).isEqualTo("[DONE]");
        assertThat(text(plain)).isEqualTo("你好");
        assertThat(plain).noneMatch(event -> event.contains("\"usage\""));
        JsonNode beforeDone = json(plain.get(plain.size() - 2));
        assertThat(beforeDone.get("choices").get(0).get("finish_reason").stringValue())
                .isEqualTo("stop");
        assertThat(json(plain.getFirst())
                        .get("choices")
                        .get(0)
                        .get("delta")
                        .get("role")
                        .stringValue())
                .isEqualTo("assistant");

        JsonNode last = json(withUsage.get(withUsage.size() - 2));
        assertThat(last.get("choices").isEmpty()).isTrue();
        assertThat(last.get("usage").get("completion_tokens").intValue()).isEqualTo(7);
        assertThat(json(withUsage.get(1)).get("usage").isNull()).isTrue();
    }

    private static JsonNode json(String event) {
        return JsonMapper.shared().readTree(event);
    }

    private static String text(List<String> events) {
        StringBuilder text = new StringBuilder();
        for (String event : events.subList(0, events.size() - 1)) {
            JsonNode content = json(event).get("choices").get(0).get("delta").get("content");
            text.append(content == null ? "" : content.stringValue());
        }
        return text.toString();
    }

    @Test
    void severalChoicesAndLogProbs() {
        JsonNode json = ask(TestServer.chat("echo ab", "'n': 3", "'logprobs': true", "'top_logprobs': 1"))
                .json();

        assertThat(json.get("choices")).hasSize(3);
        assertThat(json.get("choices").get(2).get("index").intValue()).isEqualTo(2);
        JsonNode first =
                json.get("choices").get(2).get("logprobs").get("content").get(0);
        assertThat(first.get("token").stringValue()).isEqualTo("a");
        assertThat(first.get("logprob").doubleValue()).isEqualTo(-0.5);
        assertThat(first.get("bytes").get(0).intValue()).isEqualTo('a');
        assertThat(first.get("top_logprobs")).hasSize(1);
        assertThat(json.get("usage").get("completion_tokens").intValue()).isEqualTo(9);
    }

    @Test
    void theMostTokensEndAnAnswer() {
        JsonNode json = ask(TestServer.chat("echo abcdef", "'max_completion_tokens': 3"))
                .json();

        assertThat(json.get("choices").get(0).get("finish_reason").stringValue())
                .isEqualTo("length");
        assertThat(json.get("choices").get(0).get("message").get("content").stringValue())
                .isEqualTo("abc");
    }

    @Test
    void aPromptOverTheContextIsRefusedWithBothNumbers() {
        Reply reply = ask(TestServer.chat("a".repeat(StubEngine.CONTEXT)));

        assertThat(reply.status()).isEqualTo(400);
        JsonNode error = reply.json().get("error");
        assertThat(error.get("code").stringValue()).isEqualTo("context_length_exceeded");
        assertThat(error.get("message").stringValue())
                .contains("2000 tokens")
                .contains((StubEngine.CONTEXT + "user: \n".length()) + " tokens");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'model': 'stub'}                                                      | messages         | missing_required_parameter
            {'messages': []}                                                       | model            | missing_required_parameter
            {'model': 'stub', 'messages': []}                                      | messages         | invalid_value
            {'model': 'stub', 'messages': [{'role': 'owl', 'content': 'x'}]}       | messages[0].role | invalid_value
            {'model': 'stub', 'messages': [{'role': 'user', 'content': 'x', 'y': 1}]} | messages[0].y | unknown_parameter
            {'model': 'stub', 'messages': [{'role': 'user', 'content': 'x'}], 'temperature': 3} | temperature | invalid_value
            {'model': 'stub', 'messages': [{'role': 'user', 'content': 'x'}], 'temperature': 'hot'} | temperature | invalid_value
            {'model': 'stub', 'messages': [{'role': 'user', 'content': 'x'}], 'n': 1000000000} | n | invalid_value
            {'model': 'stub', 'messages': [{'role': 'user', 'content': 'x'}], 'n': 1.5} | n | invalid_value
            {'model': 'stub', 'messages': [{'role': 'user', 'content': 'x'}], 'max_tokens': -1} | max_tokens | invalid_value
            {'model': 'stub', 'messages': [{'role': 'user', 'content': 'x'}], 'top_logprobs': 2} | top_logprobs | invalid_value
            {'model': 'stub', 'messages': [{'role': 'user', 'content': 'x'}], 'stream_options': {}} | stream_options | invalid_value
            {'model': 'stub', 'messages': [{'role': 'user', 'content': 'x\\u0000'}]} | messages[0].content | invalid_value
            """)
    void badParametersAreNamed(String body, String param, String code) {
        Reply reply = ask(body);

        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        JsonNode error = reply.json().get("error");
        assertThat(error.get("type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(error.get("param").stringValue()).isEqualTo(param);
        assertThat(error.get("code").stringValue()).isEqualTo(code);
        assertThat(error.get("message").stringValue()).contains(param);
    }

    @Test
    void anUnknownModelIs404() {
        Reply reply = ask(TestServer.chat("x").replace("stub", "gpt-7"));

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.json().get("error").get("code").stringValue()).isEqualTo("model_not_found");
    }

    @Test
    void brokenJsonIsPlaced() {
        Reply reply = ask("{\n  'model': oops}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().get("error").get("message").stringValue()).contains("line 2, column");
    }

    @Test
    void deepNestingIsRefused() {
        Reply reply = ask("{'model': " + "[".repeat(100_000));

        assertThat(reply.status()).isEqualTo(400);
    }

    @Test
    void aBodyIsBoundedAndASmallOneIsEnoughForStrangers() {
        Reply manyTokens = ask("{'model': [" + "1,".repeat(2_000_000) + "1]}");
        assertThat(manyTokens.status()).isEqualTo(400);
        assertThat(manyTokens.json().at("/error/message").stringValue())
                .contains("Token count (2000001) exceeds the maximum allowed (2000000)")
                .doesNotContain("StreamReadConstraints");

        String body = "{'email': '" + "x".repeat(70_000) + "'}";
        Reply stranger = new Browser(server).post("/api/account/sign-in", body);
        assertThat(stranger.status()).isEqualTo(413);
        assertThat(stranger.json().at("/error/message").stringValue()).contains("the limit is 65536 bytes");
        assertThat(server.post("/api/account/sign-in", server.adminKey(), body).status())
                .isEqualTo(400);
    }

    @Test
    void memoryThatRunsOutAsAnAnswerBeginsCostsNothing() throws IOException {
        TestUser user = TestUser.payingFrom(server, 1_000_000);
        Reply reply = server.post(PATH, user.key(), TestServer.chat("exhaust"));

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.body()).doesNotContain("as asked for");
        assertThat(server.get("/v1/usage", user.key()).json().at("/wallet/held").longValue())
                .isZero();
        assertThat(user.balance()).isEqualTo(1_000_000);
        assertThat(server.audit().isClean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sk-mynah-wrong"})
    void aKeyIsNeeded(String key) {
        Reply reply = server.post(PATH, key, TestServer.chat("x"));

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.json().get("error").get("code").stringValue()).isEqualTo("invalid_api_key");
    }

    @Test
    void aFailureBeforeTheEndIsAnError() {
        Reply whole = ask(TestServer.chat("fail 3"));
        List<String> streamed = ask(TestServer.chat("fail 3", "'stream': true")).events();

        assertThat(whole.status()).isEqualTo(500);
        assertThat(whole.json().get("error").get("type").stringValue()).isEqualTo("server_error");
        assertThat(whole.body()).doesNotContain("out of order");
        assertThat(json(streamed.getLast()).get("error").get("type").stringValue())
                .isEqualTo("server_error");
    }

    @Test
    void aBodyThatIsNotSentAsHttpHasItIsRefused() throws IOException {
        URI uri = URI.create(server.url());
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.getOutputStream()
                    .write(("POST " + PATH
                                    + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\nAuthorization: Bearer "
                                    + server.adminKey()
                                    + "\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n{}\r\n0\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 400")
                    .contains("\"type\":\"invalid_request_error\"");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hangingUpStopsTheGeneration(boolean stream) throws Exception {
        int before = server.engine().running();
        URI uri = URI.create(server.url());
        byte[] body = TestServer.chat("count 1500 50", "'stream': " + stream)
                .replace('\'', '"')
                .getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + PATH
                            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                            + server.adminKey() + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            while (server.engine().running() == before) {
                Thread.sleep(5);
            }
            if (stream) {
                InputStream in = socket.getInputStream();
                assertThat(in.read()).isEqualTo('H');
            }
        }
        // The answer itself would take 75 seconds.
        long end = System.nanoTime() + 20_000_000_000L;
        while (server.engine().running() > before && System.nanoTime() < end) {
            Thread.sleep(20);
        }

        assertThat(server.engine().running()).isEqualTo(before);
    }
}
