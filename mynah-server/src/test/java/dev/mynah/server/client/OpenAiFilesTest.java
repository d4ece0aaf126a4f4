package dev.mynah.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.core.http.HttpResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
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
import com.openai.models.uploads.Upload;
import com.openai.models.uploads.UploadCompleteParams;
import com.openai.models.uploads.UploadCreateParams;
import com.openai.models.uploads.parts.PartCreateParams;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Files, uploads and what is made of them, by the official Java client. */
class OpenAiFilesTest extends OpenAiClient {
    OpenAiFilesTest() {
        super(TestServer.on(TestDatabase.H2));
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
}
