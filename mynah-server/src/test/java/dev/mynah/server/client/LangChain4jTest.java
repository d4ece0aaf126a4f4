package dev.mynah.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiLanguageModel;
import dev.langchain4j.model.openai.OpenAiModelCatalog;
import dev.langchain4j.model.openai.OpenAiModerationModel;
import dev.langchain4j.model.openai.OpenAiResponsesChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestUser;
import dev.mynah.server.provider.LocalModels;
import dev.mynah.tensor.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j's models for OpenAI, with this service's address instead. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LangChain4jTest {
    private static final Path BERT = Path.of("../mynah-engine/src/test/resources/fixtures/bert");
    private static final String CALL =
            "<tool_call>{\"name\": \"weather\", \"arguments\": {\"city\": \"%s\"}}</tool_call>";
    private static final ToolSpecification WEATHER = ToolSpecification.builder()
            .name("weather")
            .description("Tells the weather.")
            .parameters(JsonObjectSchema.builder()
                    .addStringProperty("city")
                    .required("city")
                    .build())
            .build();

    private TestServer server;
    private String url;
    private String key;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        server = TestServer.start(folder, Map.of(), LocalModels.open("bert", BERT, Device.CPU));
        url = server.url() + "/v1";
        key = TestUser.payingFrom(server, 1_000_000_000L).key();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private OpenAiChatModel.OpenAiChatModelBuilder chat() {
        return OpenAiChatModel.builder()
                .baseUrl(url)
                .apiKey(key)
                .modelName("stub")
                .maxRetries(0);
    }

    private static ChatResponse await(StreamingChatModel model, ChatRequest request, List<String> pieces) {
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        model.chat(request, new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String piece) {
                pieces.add(piece);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                whole.complete(response);
            }

            @Override
            public void onError(Throwable failure) {
                whole.completeExceptionally(failure);
            }
        });
        return whole.join();
    }

    private static ChatRequest question(String text) {
        return ChatRequest.builder()
                .messages(SystemMessage.from("Be short."), UserMessage.from(text))
                .build();
    }

    @Test
    void chats() {
        ChatResponse response = chat().temperature(0.2)
                .seed(3)
                .stop(List.of("."))
                .logitBias(Map.of("50", -100))
                .user("me")
                .store(false)
                .metadata(Map.of("a", "b"))
                .serviceTier("auto")
                .build()
                .chat(question("echo one two"));

        assertThat(response.aiMessage().text()).isEqualTo("one two");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(8);
        assertThat(chat().maxTokens(3).build().chat(question("echo one two")).finishReason())
                .isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void streams() {
        List<String> pieces = new ArrayList<>();
        ChatResponse response = await(
                OpenAiStreamingChatModel.builder()
                        .baseUrl(url)
                        .apiKey(key)
                        .modelName("stub")
                        .build(),
                question("echo one two"),
                pieces);

        assertThat(String.join("", pieces)).isEqualTo("one two");
        assertThat(pieces).hasSizeGreaterThan(2);
        assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(8);
    }

    @Test
    void callsTools() {
        List<ChatMessage> messages = new ArrayList<>();
        messages.add(UserMessage.from("echo " + CALL.formatted("Rome") + CALL.formatted("Paris")));
        ChatResponse asked = chat().build()
                .chat(ChatRequest.builder()
                        .messages(messages)
                        .toolSpecifications(WEATHER)
                        .toolChoice(ToolChoice.AUTO)
                        .build());

        assertThat(asked.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        List<ToolExecutionRequest> calls = asked.aiMessage().toolExecutionRequests();
        assertThat(calls)
                .extracting(ToolExecutionRequest::arguments)
                .containsExactly("{\"city\":\"Rome\"}", "{\"city\":\"Paris\"}");
        messages.add(asked.aiMessage());
        calls.forEach(call -> messages.add(ToolExecutionResultMessage.from(call, "sunny")));
        messages.add(UserMessage.from("echo thanks"));
        ChatResponse answered = chat().build()
                .chat(ChatRequest.builder()
                        .messages(messages)
                        .toolSpecifications(WEATHER)
                        .build());
        assertThat(answered.aiMessage().text()).isEqualTo("thanks");

        ChatResponse streamed = await(
                OpenAiStreamingChatModel.builder()
                        .baseUrl(url)
                        .apiKey(key)
                        .modelName("stub")
                        .build(),
                ChatRequest.builder()
                        .messages(messages.getFirst())
                        .toolSpecifications(WEATHER)
                        .build(),
                new ArrayList<>());
        assertThat(streamed.aiMessage().toolExecutionRequests())
                .extracting(ToolExecutionRequest::arguments)
                .containsExactly("{\"city\":\"Rome\"}", "{\"city\":\"Paris\"}");
    }

    @Test
    void holdsAnswersToASchema() {
        ResponseFormat format = ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder()
                        .name("point")
                        .rootElement(JsonObjectSchema.builder()
                                .addIntegerProperty("x")
                                .required("x")
                                .build())
                        .build())
                .build();
        ChatResponse response = chat().strictJsonSchema(true)
                .build()
                .chat(ChatRequest.builder()
                        .messages(UserMessage.from("echo {\"x\":3} and more"))
                        .responseFormat(format)
                        .build());

        assertThat(response.aiMessage().text()).isEqualTo("{\"x\":3}");
    }

    @Test
    void usesResponses() {
        ChatResponse response = OpenAiResponsesChatModel.builder()
                .baseUrl(url)
                .apiKey(key)
                .modelName("stub")
                .build()
                .chat(question("echo one two"));
        assertThat(response.aiMessage().text()).isEqualTo("one two");

        List<String> pieces = new ArrayList<>();
        await(
                OpenAiResponsesStreamingChatModel.builder()
                        .baseUrl(url)
                        .apiKey(key)
                        .modelName("stub")
                        .build(),
                question("echo one two"),
                pieces);
        assertThat(String.join("", pieces)).isEqualTo("one two");
    }

    @Test
    void completesEmbedsModeratesAndLists() {
        assertThat(OpenAiLanguageModel.builder()
                        .baseUrl(url)
                        .apiKey(key)
                        .modelName("stub")
                        .maxRetries(0)
                        .build()
                        .generate("echo text")
                        .content())
                .isEqualTo("text");
        assertThat(OpenAiEmbeddingModel.builder()
                        .baseUrl(url)
                        .apiKey(key)
                        .modelName("bert")
                        .maxRetries(0)
                        .build()
                        .embedAll(List.of(TextSegment.from("bird"), TextSegment.from("a mynah")))
                        .content())
                .hasSize(2)
                .allSatisfy(embedding -> assertThat(embedding.dimension()).isEqualTo(16));
        OpenAiModerationModel moderation = OpenAiModerationModel.builder()
                .baseUrl(url)
                .apiKey(key)
                .maxRetries(0)
                .build();
        assertThat(moderation.moderate("I will kill you").content().flagged()).isTrue();
        assertThat(moderation.moderate("a bird sings").content().flagged()).isFalse();
        assertThat(OpenAiModelCatalog.builder().baseUrl(url).apiKey(key).build().listModels())
                .extracting(model -> model.name())
                .contains("stub", "bert");
    }

    @Test
    void errorsHaveTheirOwnExceptions() {
        assertThatThrownBy(() -> chat().modelName("nobody").build().chat("x"))
                .isInstanceOf(ModelNotFoundException.class);
        assertThatThrownBy(() -> chat().apiKey("wrong").build().chat("x")).isInstanceOf(AuthenticationException.class);
        assertThatThrownBy(() -> chat().temperature(9.0).build().chat("x")).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> chat().apiKey(TestUser.onPlan(server, "payg").key())
                        .build()
                        .chat("x"))
                .isInstanceOf(RateLimitException.class);
    }
}
