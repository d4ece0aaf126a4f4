package dev.mynah.server.client;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestUser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** OpenAI's own client for Java, which checks by {@code validate} that all is there and of the right type that OpenAI promises. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OpenAiClient {
    final TestServer server;
    final OpenAIClient client;

    OpenAiClient(TestServer server) {
        this.server = server;
        client = client(TestUser.payingFrom(server, 1_000_000_000L).key());
    }

    OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(server.url() + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .build();
    }

    @AfterAll
    void hangUp() {
        client.close();
    }

    static ChatCompletionCreateParams.Builder chat(String text) {
        return ChatCompletionCreateParams.builder().model("stub").addUserMessage(text);
    }

    ChatCompletion ask(ChatCompletionCreateParams.Builder params) {
        return client.chat().completions().create(params.build()).validate();
    }

    static String text(ChatCompletion answer) {
        return answer.choices().getFirst().message().content().orElseThrow();
    }
}
