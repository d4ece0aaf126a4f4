package dev.mynah.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionAllowedToolChoice;
import com.openai.models.chat.completions.ChatCompletionAllowedTools;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionListParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.chat.completions.ChatCompletionUpdateParams;
import com.openai.models.completions.CompletionCreateParams;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Chat completions and completions, by the official Java client. */
class OpenAiChatTest extends OpenAiClient {
    private static final String CALL =
            "<tool_call>{\"name\": \"weather\", \"arguments\": {\"city\": \"%s\"}}</tool_call>";

    OpenAiChatTest() {
        super(TestServer.on(TestDatabase.H2));
    }

    @Test
    @SuppressWarnings("deprecation") // parameters of old, which clients send
    void chat() {
        ChatCompletion answer = ask(chat("echo one two")
                .addDeveloperMessage("Be short.")
                .addUserMessage("echo one two")
                .maxCompletionTokens(30)
                .n(2)
                .logprobs(true)
                .topLogprobs(1)
                .seed(7)
                .temperature(0.5)
                .logitBias(ChatCompletionCreateParams.LogitBias.builder()
                        .putAdditionalProperty("50", JsonValue.from(-100))
                        .build())
                .user("somebody")
                .store(false)
                .serviceTier(ChatCompletionCreateParams.ServiceTier.AUTO)
                .addModality(ChatCompletionCreateParams.Modality.TEXT)
                .metadata(ChatCompletionCreateParams.Metadata.builder()
                        .putAdditionalProperty("a", JsonValue.from("b"))
                        .build()));

        assertThat(answer.choices()).hasSize(2).allSatisfy(choice -> {
            assertThat(choice.message().content()).contains("one two");
            assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
            assertThat(choice.logprobs()
                            .orElseThrow()
                            .content()
                            .orElseThrow()
                            .getFirst()
                            .topLogprobs())
                    .isNotEmpty();
        });
        assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(16);
        ask(chat("echo one two").stopOfStrings(List.of("tw")).maxTokens(30));
        assertThat(server.engine().last().sampling().stop()).containsExactly("tw");
        ChatCompletion cut = ask(chat("echo one two").maxCompletionTokens(3));
        assertThat(cut.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
    }

    @Test
    void chatStreamed() {
        ChatCompletionCreateParams params = chat("echo one two")
                .n(2)
                .logprobs(true)
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        List<ChatCompletionChunk> chunks = new ArrayList<>();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            stream.stream().map(ChatCompletionChunk::validate).forEach(chunk -> chunks.add(whole.accumulate(chunk)));
        }

        assertThat(chunks.getLast().choices()).isEmpty();
        assertThat(chunks.getLast().usage().orElseThrow().completionTokens()).isEqualTo(16);
        assertThat(whole.chatCompletion().choices())
                .hasSize(2)
                .allSatisfy(choice -> assertThat(choice.message().content()).contains("one two"));
        assertThat(whole.chatCompletion().validate().usage()).isPresent();
    }

    private static ChatCompletionCreateParams.Builder withTool(ChatCompletionCreateParams.Builder params) {
        FunctionParameters parameters = FunctionParameters.builder()
                .putAdditionalProperty("type", JsonValue.from("object"))
                .putAdditionalProperty("properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                .build();
        return params.addFunctionTool(FunctionDefinition.builder()
                .name("weather")
                .description("Tells the weather.")
                .parameters(parameters)
                .build());
    }

    @Test
    void toolsAreCalledSeveralAtOnceAndAnswered() {
        String said = "echo " + CALL.formatted("Rome") + CALL.formatted("Paris");
        ChatCompletion answer = ask(withTool(chat(said)).toolChoice(ChatCompletionToolChoiceOption.Auto.AUTO));

        assertThat(answer.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        var message = answer.choices().getFirst().message();
        List<ChatCompletionMessageFunctionToolCall> calls = message.toolCalls().orElseThrow().stream()
                .map(call -> call.asFunction())
                .toList();
        assertThat(calls)
                .extracting(call -> call.function().arguments())
                .containsExactly("{\"city\":\"Rome\"}", "{\"city\":\"Paris\"}");
        ChatCompletionCreateParams.Builder next =
                withTool(chat("How is the weather?")).addMessage(message);
        for (ChatCompletionMessageFunctionToolCall call : calls) {
            next.addMessage(ChatCompletionToolMessageParam.builder()
                    .toolCallId(call.id())
                    .content("sunny")
                    .build());
        }
        assertThat(text(ask(next.addUserMessage("echo thanks")))).isEqualTo("thanks");

        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(withTool(chat(said)).build())) {
            stream.stream().forEach(whole::accumulate);
        }
        assertThat(whole.chatCompletion()
                        .choices()
                        .getFirst()
                        .message()
                        .toolCalls()
                        .orElseThrow())
                .extracting(call -> call.asFunction().function().arguments())
                .containsExactly("{\"city\":\"Rome\"}", "{\"city\":\"Paris\"}");
        ChatCompletion none = ask(withTool(chat(said)).toolChoice(ChatCompletionToolChoiceOption.Auto.NONE));
        assertThat(none.choices().getFirst().message().toolCalls()).isEmpty();
        ChatCompletion allowed = ask(withTool(chat(said))
                .toolChoice(ChatCompletionAllowedToolChoice.builder()
                        .allowedTools(ChatCompletionAllowedTools.builder()
                                .mode(ChatCompletionAllowedTools.Mode.AUTO)
                                .addTool(ChatCompletionAllowedTools.Tool.builder()
                                        .putAdditionalProperty("type", JsonValue.from("function"))
                                        .putAdditionalProperty("function", JsonValue.from(Map.of("name", "weather")))
                                        .build())
                                .build())
                        .build()));
        assertThat(allowed.choices().getFirst().message().toolCalls().orElseThrow())
                .hasSize(2);
        ChatCompletion one = ask(withTool(chat(said)).parallelToolCalls(false));
        assertThat(one.choices().getFirst().message().toolCalls().orElseThrow()).hasSize(1);
    }

    /** What an answer is to look like; the client makes a JSON Schema of it. */
    static final class Point {
        public int x;
        public String label = "";
    }

    @Test
    void answersOfAClass() {
        Point point = client.chat()
                .completions()
                .create(chat("echo {\"label\":\"a\",\"x\":3} and more")
                        .responseFormat(Point.class)
                        .build())
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();

        assertThat(point.x).isEqualTo(3);
        assertThat(point.label).isEqualTo("a");
    }

    @Test
    void completionsThatAreStoredAreListedChangedAndDeleted() {
        List<String> made = new ArrayList<>();
        for (String text : List.of("echo one", "echo two", "echo three")) {
            made.add(client.chat()
                    .completions()
                    .create(chat(text)
                            .store(true)
                            .metadata(ChatCompletionCreateParams.Metadata.builder()
                                    .putAdditionalProperty("topic", JsonValue.from("a"))
                                    .build())
                            .build())
                    .id());
        }
        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(chat("echo four").store(true).build())) {
            made.add(stream.stream().map(ChatCompletionChunk::id).reduce("", (_, id) -> id));
        }
        client.chat().completions().create(chat("echo unstored").build());

        ChatCompletionListParams.Builder list =
                ChatCompletionListParams.builder().model("stub").limit(2);
        List<ChatCompletion> all = new ArrayList<>();
        client.chat().completions().list(list.build()).autoPager().forEach(all::add);
        all.forEach(ChatCompletion::validate);
        assertThat(all).extracting(ChatCompletion::id).isEqualTo(made);
        assertThat(all.get(3).choices().getFirst().message().content()).contains("four");
        assertThat(client.chat()
                        .completions()
                        .list(list.order(ChatCompletionListParams.Order.DESC)
                                .metadata(ChatCompletionListParams.Metadata.builder()
                                        .putAdditionalProperty("topic", "a")
                                        .build())
                                .build())
                        .data())
                .extracting(ChatCompletion::id)
                .containsExactly(made.get(2), made.get(1));

        String one = made.getFirst();
        ChatCompletion changed = client.chat()
                .completions()
                .update(
                        one,
                        ChatCompletionUpdateParams.builder()
                                .metadata(ChatCompletionUpdateParams.Metadata.builder()
                                        .putAdditionalProperty("topic", JsonValue.from("b"))
                                        .build())
                                .build());
        assertThat(changed._allProperties().get("metadata")).isEqualTo(JsonValue.from(Map.of("topic", "b")));
        assertThat(client.chat().completions().retrieve(one).validate()).isEqualTo(changed);
        // The client's type of these is the assistant's message, whatever the role, so it is not validated.
        assertThat(client.chat().completions().messages().list(one).data())
                .extracting(message -> message.content().orElseThrow())
                .containsExactly("echo one");
        assertThat(client.chat().completions().delete(one).validate().deleted()).isTrue();
        assertThatThrownBy(() -> client.chat().completions().retrieve(one)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> client.chat().completions().delete(one)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void completions() {
        var answer = client.completions()
                .create(CompletionCreateParams.builder()
                        .model("stub")
                        .promptOfArrayOfStrings(List.of("echo a", "echo b"))
                        .echo(true)
                        .maxTokens(5)
                        .build())
                .validate();

        assertThat(answer.choices()).extracting(choice -> choice.text()).containsExactly("echo aa", "echo bb");
    }
}
