package dev.mynah.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import com.openai.models.moderations.ModerationCreateParams;
import com.openai.models.moderations.ModerationCreateResponse;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestUser;
import dev.mynah.server.account.ApiKeys;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.provider.LocalModels;
import dev.mynah.tensor.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that write and models that embed, moderation, and what is refused, by the official Java client. */
class OpenAiModelsTest extends OpenAiClient {
    private static final Path BERT = Path.of("../mynah-engine/src/test/resources/fixtures/bert");

    OpenAiModelsTest(@TempDir Path folder) throws IOException {
        super(TestServer.start(folder, Map.of(), LocalModels.open("bert", BERT, Device.CPU)));
    }

    @AfterAll
    void stop() {
        server.close();
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
                        .thenApply(OpenAiClient::text))
                .succeedsWithin(java.time.Duration.ofMinutes(1))
                .isEqualTo("later");
    }
}
