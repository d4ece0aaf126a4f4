package dev.mynah.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseIncludable;
import com.openai.models.responses.ResponseOutputText;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.inputitems.InputItemListParams;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Responses, by the official Java client. */
class OpenAiResponsesTest extends OpenAiClient {
    OpenAiResponsesTest() {
        super(TestServer.on(TestDatabase.H2));
    }

    private static ResponseCreateParams.Builder question(String text) {
        return ResponseCreateParams.builder().model("stub").input(text).maxOutputTokens(50);
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
}
