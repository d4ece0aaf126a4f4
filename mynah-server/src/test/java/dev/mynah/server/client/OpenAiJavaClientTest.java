package dev.mynah.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionAllowedToolChoice;
import com.openai.models.chat.completions.ChatCompletionAllowedTools;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionListParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.chat.completions.ChatCompletionUpdateParams;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileListParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.jobs.JobListEventsParams;
import com.openai.models.finetuning.jobs.JobListParams;
import com.openai.models.finetuning.methods.SupervisedHyperparameters;
import com.openai.models.finetuning.methods.SupervisedMethod;
import com.openai.models.models.Model;
import com.openai.models.moderations.ModerationCreateParams;
import com.openai.models.moderations.ModerationCreateResponse;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseIncludable;
import com.openai.models.responses.ResponseOutputText;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.inputitems.InputItemListParams;
import com.openai.models.uploads.Upload;
import com.openai.models.uploads.UploadCompleteParams;
import com.openai.models.uploads.UploadCreateParams;
import com.openai.models.uploads.parts.PartCreateParams;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestUser;
import dev.mynah.server.account.ApiKeys;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.provider.LocalModels;
import dev.mynah.tensor.Device;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's own client for Java, which checks by {@code validate} that all is there and of the right type that OpenAI promises. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiJavaClientTest {
    private static final Path BERT = Path.of("../mynah-engine/src/test/resources/fixtures/bert");
    private static final String CALL =
            "<tool_call>{\"name\": \"weather\", \"arguments\": {\"city\": \"%s\"}}</tool_call>";

    private TestServer server;
    private OpenAIClient client;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        server = TestServer.start(folder, Map.of(), LocalModels.open("bert", BERT, Device.CPU));
        client = client(TestUser.payingFrom(server, 1_000_000_000L).key());
    }

    private OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(server.url() + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .build();
    }

    @AfterAll
    void stop() {
        client.close();
        server.close();
    }

    private static ChatCompletionCreateParams.Builder chat(String text) {
        return ChatCompletionCreateParams.builder().model("stub").addUserMessage(text);
    }

    private ChatCompletion ask(ChatCompletionCreateParams.Builder params) {
        return client.chat().completions().create(params.build()).validate();
    }

    private static String text(ChatCompletion answer) {
        return answer.choices().getFirst().message().content().orElseThrow();
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
    void filesComeInParts() throws IOException {
        byte[] content = "{\"custom_id\": \"a\"}\n".repeat(2_000).getBytes(StandardCharsets.UTF_8);
        UploadCreateParams.Builder announced = UploadCreateParams.builder()
                .filename("data.jsonl")
                .purpose(FilePurpose.BATCH)
                .bytes(content.length)
                .mimeType("application/jsonl");
        Upload upload = client.uploads().create(announced.build()).validate();
        assertThat(upload.status()).isEqualTo(Upload.Status.PENDING);
        int half = content.length / 2;
        String second = part(upload, Arrays.copyOfRange(content, half, content.length));
        assertThatThrownBy(() -> complete(upload, List.of(second), null)).isInstanceOf(BadRequestException.class);
        String first = part(upload, Arrays.copyOf(content, half));
        assertThatThrownBy(() -> part(upload, new byte[] {1}))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("announced");
        assertThatThrownBy(() -> complete(upload, List.of(first, second), "00"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("checksum");

        String md5 = HexFormat.of().formatHex(digest(content));
        Upload done = complete(upload, List.of(first, second), md5).validate();
        assertThat(done.status()).isEqualTo(Upload.Status.COMPLETED);
        FileObject file = done.file().orElseThrow();
        assertThat(file.filename()).isEqualTo("data.jsonl");
        try (HttpResponse response = client.files().content(file.id())) {
            assertThat(response.body().readAllBytes()).isEqualTo(content);
        }
        assertThatThrownBy(() -> client.uploads().cancel(upload.id())).isInstanceOf(BadRequestException.class);

        Upload other = client.uploads().create(announced.build());
        part(other, content);
        assertThat(client.uploads().cancel(other.id()).status()).isEqualTo(Upload.Status.CANCELLED);
        assertThatThrownBy(() -> part(other, content))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("cancelled");
    }

    private static byte[] digest(byte[] content) {
        try {
            return MessageDigest.getInstance("MD5").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private String part(Upload upload, byte[] data) {
        return client.uploads()
                .parts()
                .create(upload.id(), PartCreateParams.builder().data(data).build())
                .validate()
                .id();
    }

    private Upload complete(Upload upload, List<String> parts, @Nullable String md5) {
        UploadCompleteParams.Builder complete = UploadCompleteParams.builder().partIds(parts);
        if (md5 != null) {
            complete.md5(md5);
        }
        return client.uploads().complete(upload.id(), complete.build());
    }

    @Test
    void responsesTellLogProbabilitiesWhereTheyAreIncluded() {
        ResponseCreateParams.Builder asked = ResponseCreateParams.builder()
                .model("stub")
                .input("echo one two")
                .addInclude(ResponseIncludable.MESSAGE_OUTPUT_TEXT_LOGPROBS)
                .topLogprobs(2);
        Response whole = client.responses().create(asked.build()).validate();
        List<ResponseOutputText.Logprob> scores = output(whole).logprobs().orElseThrow();
        assertThat(scores.stream().map(ResponseOutputText.Logprob::token).reduce("", String::concat))
                .isEqualTo(output(whole).text() + "<end>");
        assertThat(scores).allSatisfy(score -> {
            assertThat(score.logprob()).isLessThanOrEqualTo(0);
            assertThat(score.topLogprobs()).hasSizeLessThanOrEqualTo(2);
        });
        assertThat(whole.topLogprobs()).contains(2L);

        ResponseAccumulator accumulator = ResponseAccumulator.create();
        List<Integer> inDeltas = new ArrayList<>();
        try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(asked.build())) {
            stream.stream().forEach(event -> {
                accumulator.accumulate(event.validate());
                event.outputTextDelta()
                        .ifPresent(delta -> inDeltas.add(delta.logprobs().size()));
            });
        }
        assertThat(inDeltas.stream().mapToInt(Integer::intValue).sum()).isEqualTo(scores.size());
        assertThat(output(accumulator.response()).logprobs().orElseThrow()).hasSameSizeAs(scores);
        assertThat(output(client.responses()
                                .create(ResponseCreateParams.builder()
                                        .model("stub")
                                        .input("echo a")
                                        .build()))
                        .logprobs()
                        .orElseThrow())
                .isEmpty();
        assertThatThrownBy(() -> client.responses()
                        .create(ResponseCreateParams.builder()
                                .model("stub")
                                .input("echo a")
                                .topLogprobs(2)
                                .build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("include");
    }

    private static ResponseOutputText output(Response response) {
        return response.output().getFirst().asMessage().content().getFirst().asOutputText();
    }

    @Test
    void models() {
        List<String> ids = new ArrayList<>();
        for (Model model : client.models().list().autoPager()) {
            ids.add(model.validate().id());
        }
        assertThat(ids).contains("stub", "bert");
        assertThat(client.models().retrieve("stub").validate().id()).isEqualTo("stub");
        assertThatThrownBy(() -> client.models().retrieve("nobody/at:all"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("nobody/at:all");
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

    @Test
    void embeddings() {
        CreateEmbeddingResponse answer = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("bert")
                        .inputOfArrayOfStrings(List.of("bird", "a mynah"))
                        .build())
                .validate();

        assertThat(answer.data())
                .hasSize(2)
                .allSatisfy(one -> assertThat(
                                one.embedding().stream().mapToDouble(x -> x * x).sum())
                        .isCloseTo(1, within(1e-4)));
    }

    @Test
    void moderations() {
        ModerationCreateResponse answer = client.moderations()
                .create(ModerationCreateParams.builder()
                        .inputOfStrings(List.of("a bird sings", "I will kill you"))
                        .build())
                .validate();

        assertThat(answer.results()).extracting(result -> result.flagged()).containsExactly(false, true);
    }

    private FileObject upload(FilePurpose purpose, String content) {
        return client.files()
                .create(FileCreateParams.builder()
                        .purpose(purpose)
                        .file(content.getBytes(StandardCharsets.UTF_8))
                        .build())
                .validate();
    }

    @Test
    void files() throws IOException {
        FileObject file = upload(FilePurpose.USER_DATA, "{\"a\": 1}\n");
        upload(FilePurpose.USER_DATA, "{}\n");

        assertThat(client.files().retrieve(file.id()).validate().bytes()).isEqualTo(9);
        List<String> listed = new ArrayList<>();
        client.files()
                .list(FileListParams.builder().limit(1).purpose("user_data").build())
                .autoPager()
                .forEach(each -> listed.add(each.validate().id()));
        assertThat(listed).hasSize(2).contains(file.id());
        try (var content = client.files().content(file.id())) {
            assertThat(content.body()).hasContent("{\"a\": 1}");
        }
        assertThat(client.files().delete(file.id()).validate().deleted()).isTrue();
        assertThatThrownBy(() -> client.files().retrieve(file.id())).isInstanceOf(NotFoundException.class);
    }

    private static <T> T await(Supplier<T> look, Predicate<T> isSo) {
        T seen = look.get();
        while (!isSo.test(seen)) {
            LockSupport.parkNanos(50_000_000);
            seen = look.get();
        }
        return seen;
    }

    @Test
    void batches() throws IOException {
        String line =
                "{'custom_id': '%s', 'method': 'POST', 'url': '/v1/chat/completions', 'body': {'model': 'stub', 'messages': [{'role': 'user', 'content': 'echo %s'}]}}\n"
                        .replace('\'', '"');
        FileObject input = upload(FilePurpose.BATCH, line.formatted("a", "one") + line.formatted("b", "two"));
        Batch made = client.batches()
                .create(BatchCreateParams.builder()
                        .inputFileId(input.id())
                        .endpoint(BatchCreateParams.Endpoint.V1_CHAT_COMPLETIONS)
                        .completionWindow(BatchCreateParams.CompletionWindow._24H)
                        .build())
                .validate();
        Batch done = await(
                () -> client.batches().retrieve(made.id()).validate(),
                batch -> batch.status().equals(Batch.Status.COMPLETED));

        assertThat(done.requestCounts().orElseThrow().completed()).isEqualTo(2);
        try (var output = client.files().content(done.outputFileId().orElseThrow())) {
            assertThat(new String(output.body().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("\"one\"", "\"two\"");
        }
        assertThat(client.batches().list().autoPager()).extracting(Batch::id).contains(made.id());
        assertThatThrownBy(() -> client.batches().cancel(made.id()))
                .isInstanceOfSatisfying(
                        OpenAIServiceException.class,
                        refused -> assertThat(refused.statusCode()).isEqualTo(409));
    }

    @Test
    void fineTuning() {
        String rows =
                "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"b\"}]}\n"
                        .repeat(12);
        FileObject data = upload(FilePurpose.FINE_TUNE, rows);
        JobCreateParams.Builder params = JobCreateParams.builder()
                .model("stub")
                .trainingFile(data.id())
                .suffix("mine")
                .method(JobCreateParams.Method.builder()
                        .type(JobCreateParams.Method.Type.SUPERVISED)
                        .supervised(SupervisedMethod.builder()
                                .hyperparameters(SupervisedHyperparameters.builder()
                                        .nEpochs(2)
                                        .batchSize(4)
                                        .build())
                                .build())
                        .build());
        FineTuningJob job = client.fineTuning().jobs().create(params.build()).validate();
        FineTuningJob done = await(
                () -> client.fineTuning().jobs().retrieve(job.id()).validate(),
                seen -> seen.finishedAt().isPresent());

        assertThat(done.status()).isEqualTo(FineTuningJob.Status.SUCCEEDED);
        String model = done.fineTunedModel().orElseThrow();
        assertThat(text(ask(ChatCompletionCreateParams.builder().model(model).addUserMessage("echo hi"))))
                .isEqualTo("hi");
        List<String> events = new ArrayList<>();
        client.fineTuning()
                .jobs()
                .listEvents(JobListEventsParams.builder()
                        .fineTuningJobId(job.id())
                        .limit(2)
                        .build())
                .autoPager()
                .forEach(event -> events.add(event.validate().message()));
        assertThat(events).hasSizeGreaterThan(4).contains("The job has successfully completed");
        client.fineTuning().jobs().checkpoints().list(job.id()).autoPager().forEach(one -> one.validate());
        assertThat(client.fineTuning()
                        .jobs()
                        .list(JobListParams.builder().limit(1).build())
                        .autoPager())
                .extracting(FineTuningJob::id)
                .contains(job.id());
        FineTuningJob other = client.fineTuning()
                .jobs()
                .create(params.method(JobCreateParams.Method.builder()
                                .type(JobCreateParams.Method.Type.SUPERVISED)
                                .supervised(SupervisedMethod.builder()
                                        .hyperparameters(SupervisedHyperparameters.builder()
                                                .nEpochs(50)
                                                .batchSize(1)
                                                .build())
                                        .build())
                                .build())
                        .build());
        client.fineTuning().jobs().cancel(other.id());
        assertThat(await(
                                () -> client.fineTuning().jobs().retrieve(other.id()),
                                seen -> seen.finishedAt().isPresent())
                        .status())
                .isEqualTo(FineTuningJob.Status.CANCELLED);
        assertThat(client.models().delete(model).validate().deleted()).isTrue();
        assertThatThrownBy(() -> client.models().retrieve(model)).isInstanceOf(NotFoundException.class);
    }

    private static ResponseCreateParams.Builder question(String text) {
        return ResponseCreateParams.builder().model("stub").input(text).maxOutputTokens(50);
    }

    private static String text(Response response) {
        return response.output()
                .getFirst()
                .asMessage()
                .content()
                .getFirst()
                .asOutputText()
                .text();
    }

    @Test
    void responses() {
        Response first = client.responses()
                .create(question("echo one").instructions("Be short.").build())
                .validate();
        assertThat(text(first)).isEqualTo("one");
        Response second = client.responses()
                .create(question("echo two").previousResponseId(first.id()).build())
                .validate();
        assertThat(server.engine().lastPrompt()).contains("echo one").contains("echo two");
        assertThat(client.responses().retrieve(second.id()).validate().previousResponseId())
                .contains(first.id());
        assertThat(client.responses()
                        .inputItems()
                        .list(InputItemListParams.builder()
                                .responseId(first.id())
                                .limit(1)
                                .build())
                        .autoPager())
                .hasSize(1)
                .allSatisfy(item -> item.validate());
        ResponseAccumulator whole = ResponseAccumulator.create();
        List<ResponseStreamEvent> events = new ArrayList<>();
        try (StreamResponse<ResponseStreamEvent> stream =
                client.responses().createStreaming(question("echo more").build())) {
            stream.stream().forEach(event -> events.add(whole.accumulate(event.validate())));
        }
        assertThat(events.getFirst().isCreated()).isTrue();
        assertThat(events.getLast().isCompleted()).isTrue();
        assertThat(text(whole.response())).isEqualTo("more");
        assertThatThrownBy(() -> client.responses().cancel(second.id())).isInstanceOf(BadRequestException.class);
        client.responses().delete(first.id());
        assertThatThrownBy(() -> client.responses().retrieve(first.id())).isInstanceOf(NotFoundException.class);
    }

    @Test
    void errorsHaveTheirOwnExceptions() {
        TestUser poor = TestUser.onPlan(server, "payg");
        OpenAIClient narrow = client(server.bean(ApiKeys.class)
                .create(new ApiKeys.Order(
                        poor.caller().projectId(), poor.userId(), "narrow", Scopes.parse("usage"), null))
                .secret());
        assertThatThrownBy(() -> ask(chat("x").model("nobody")))
                .isInstanceOfSatisfying(NotFoundException.class, error -> {
                    assertThat(error.code()).contains("model_not_found");
                    assertThat(error.param()).contains("model");
                    assertThat(error.headers().values("x-request-id")).hasSize(1);
                });
        assertThatThrownBy(() -> ask(chat("x").putAdditionalBodyProperty("colour", JsonValue.from("red"))))
                .isInstanceOfSatisfying(
                        BadRequestException.class,
                        error -> assertThat(error.param()).contains("colour"));
        assertThatThrownBy(() -> ask(chat("echo " + "x".repeat(3_000))))
                .isInstanceOfSatisfying(
                        BadRequestException.class,
                        error -> assertThat(error.code()).contains("context_length_exceeded"));
        ChatCompletionContentPart picture =
                ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                        .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                                .url("https://example.com/a.png")
                                .build())
                        .build());
        assertThatThrownBy(() -> ask(ChatCompletionCreateParams.builder()
                        .model("stub")
                        .addUserMessageOfArrayOfContentParts(List.of(picture))))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("image_url");
        assertThatThrownBy(() -> client("wrong").models().list()).isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> narrow.chat().completions().create(chat("x").build()))
                .isInstanceOf(PermissionDeniedException.class);
        assertThatThrownBy(() ->
                        client(poor.key()).chat().completions().create(chat("x").build()))
                .isInstanceOfSatisfying(
                        RateLimitException.class,
                        error -> assertThat(error.code()).contains("insufficient_quota"));
        assertThatThrownBy(() -> ask(chat("fail 0"))).isInstanceOf(InternalServerException.class);
        assertThatThrownBy(() -> {
                    try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                            .completions()
                            .createStreaming(chat("fail 3").build())) {
                        stream.stream().forEach(ChatCompletionChunk::validate);
                    }
                })
                .isInstanceOf(OpenAIServiceException.class);
    }

    @Test
    void headersTellOfRequestAndLimits() {
        try (HttpResponseFor<ChatCompletion> raw = client.chat()
                .completions()
                .withRawResponse()
                .create(chat("echo hi").build())) {
            assertThat(raw.requestId()).isPresent();
            assertThat(raw.headers().values("openai-processing-ms")).hasSize(1);
            assertThat(raw.headers().values("x-ratelimit-remaining-tokens")).hasSize(1);
            assertThat(text(raw.parse())).isEqualTo("hi");
        }
        assertThat(client.async()
                        .chat()
                        .completions()
                        .create(chat("echo later").build())
                        .thenApply(OpenAiJavaClientTest::text))
                .succeedsWithin(java.time.Duration.ofMinutes(1))
                .isEqualTo("later");
    }
}
