package dev.mynah.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.model.Transformer;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Nn;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TextGeneratorTest {
    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static Generation generate(LoadedModel model, String prompt, SamplingOptions options) {
        return Fixtures.generator(model).generate(model.text().prompt(prompt), options);
    }

    private static SamplingOptions.Builder greedy() {
        return SamplingOptions.builder().temperature(0).maxTokens(20).ignoreEos(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama"})
    void greedyTokensAreTheReference(String name) {
        LoadedModel model = Fixtures.model(name);
        for (JsonNode expected : Fixtures.json(name + "/reference.json").get("generate")) {
            String prompt = expected.get("prompt").asString();
            assertThat(model.text().prompt(prompt)).isEqualTo(Fixtures.ints(expected.get("prompt_ids")));

            assertThat(generate(model, prompt, greedy().build()).tokens())
                    .containsExactly(boxed(expected.get("greedy")));
            assertThat(generate(model, prompt, greedy().repetitionPenalty(1.7).build())
                            .tokens())
                    .containsExactly(boxed(expected.get("penalised")));
        }
    }

    private static Integer[] boxed(JsonNode array) {
        return array.valueStream().map(JsonNode::asInt).toArray(Integer[]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama"})
    void logProbabilitiesAreTheReferenceWhateverTheSampling(String name) {
        LoadedModel model = Fixtures.model(name);
        for (JsonNode expected : Fixtures.json(name + "/reference.json").get("generate")) {
            SamplingOptions options = SamplingOptions.builder()
                    .temperature(1.8)
                    .topK(1)
                    .topLogProbs(5)
                    .maxTokens(1)
                    .build();
            TokenLogProb first = generate(model, expected.get("prompt").asString(), options)
                    .logProbs()
                    .getFirst();

            JsonNode top = expected.get("top_log_probs");
            assertThat(first.top()).hasSize(5);
            for (int i = 0; i < 5; i++) {
                assertThat(first.top().get(i).token())
                        .isEqualTo(top.get(i).get(0).asInt());
                assertThat(first.top().get(i).logProb())
                        .isCloseTo(top.get(i).get(1).asDouble(), within(1e-4));
            }
            assertThat(first.token()).isEqualTo(first.top().getFirst().token());
            assertThat(first.logProb()).isEqualTo(first.top().getFirst().logProb());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama"})
    void cachedDecodingChoosesWhatFullPassesWould(String name) {
        LoadedModel model = Fixtures.model(name);
        List<Integer> ids = new ArrayList<>();
        for (int id : model.text().prompt("people")) {
            ids.add(id);
        }
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            int next = Logits.argmax(fullPass(model.model(), ids));
            expected.add(next);
            ids.add(next);
        }

        assertThat(generate(model, "people", greedy().maxTokens(15).build()).tokens())
                .isEqualTo(expected);
    }

    private static float[] fullPass(Transformer model, List<Integer> ids) {
        try (Scope step = Scope.open();
                Autograd.Mode mode = Autograd.noGrad()) {
            Tensor input = Tensor.of(ids.stream().mapToInt(Integer::intValue).toArray(), 1, ids.size());
            Tensor hidden = model.hidden(input, DType.F32);
            return model.logits(hidden.narrow(1, ids.size() - 1, 1)).toFloats();
        }
    }

    @Test
    void piecesAreWholeCharactersAndMakeUpTheText() {
        LoadedModel model = Fixtures.model("llama");
        List<String> pieces = new ArrayList<>();
        SamplingOptions options =
                SamplingOptions.builder().seed(3).maxTokens(40).build();
        Generation generation = Fixtures.generator(model).generate(model.text().prompt("A"), options, pieces::add);

        assertThat(String.join("", pieces)).isEqualTo(generation.text());
        assertThat(pieces).noneMatch(String::isEmpty);
    }

    @Test
    void anEndTokenEndsTheTextAndIsCounted() {
        LoadedModel model = Fixtures.model("llama");
        List<Integer> all = generate(model, "A", greedy().build()).tokens();
        int end = all.get(4);
        int first = all.indexOf(end);
        TextGenerator generator = new TextGenerator(model.model(), model.text().tokenizer(), Set.of(end), DType.F32);
        int[] prompt = model.text().prompt("A");

        Generation ended = generator.generate(prompt, SamplingOptions.greedy(20));
        assertThat(ended.tokens()).isEqualTo(all.subList(0, first + 1));
        assertThat(ended.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(ended.usage()).isEqualTo(new Usage(prompt.length, 0, first + 1));

        Generation ignored = generator.generate(prompt, greedy().build());
        assertThat(ignored.tokens()).isEqualTo(all);
        assertThat(ignored.finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void aStopStringThatStraddlesTokensEndsTheText() {
        LoadedModel model = Fixtures.model("llama");
        String whole = generate(model, "A", greedy().build()).text();
        String stop = whole.substring(3, 7);
        int at = whole.indexOf(stop);

        List<String> pieces = new ArrayList<>();
        SamplingOptions options = greedy().stop(List.of(stop, "never")).build();
        Generation stopped = Fixtures.generator(model).generate(model.text().prompt("A"), options, pieces::add);

        assertThat(stopped.text()).isEqualTo(whole.substring(0, at)).isEqualTo(String.join("", pieces));
        assertThat(stopped.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(stopped.tokens()).hasSizeLessThan(20);
    }

    @Test
    void aFullContextEndsWithTheTokenAfterIt() {
        LoadedModel model = Fixtures.model("gpt2");
        Generation generation = generate(model, "A", greedy().maxTokens(1000).build());
        assertThat(generation.usage().totalTokens()).isEqualTo(32 + 1);
        assertThat(generation.finishReason()).isEqualTo(FinishReason.LENGTH);

        Generation full = Fixtures.generator(model).generate(new int[32], greedy().build());
        assertThat(full.tokens()).hasSize(1);
    }

    @Test
    void promptsThatTheModelCannotReadAreRefused() {
        LoadedModel model = Fixtures.model("gpt2");

        assertRefused(model, new int[33], "the prompt has 33 tokens, but the model's context holds 32");
        assertRefused(model, new int[0], "the prompt is empty");
        assertRefused(
                model, new int[] {1, 320}, "token id 320 (number 2 of 2) is not one of the model's, which are 0..319");
        assertRefused(model, new int[] {-1}, "token id -1 (number 1 of 1)");
    }

    private static void assertRefused(LoadedModel model, int[] prompt, String message) {
        assertThatThrownBy(() -> Fixtures.generator(model).generate(prompt, SamplingOptions.greedy(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void theEmptyPromptBeginsAText() {
        LoadedModel gpt2 = Fixtures.model("gpt2");

        assertThat(gpt2.text().prompt("")).containsExactly(0);
    }

    @Test
    void idsBeyondTheTokenizerHaveNoText() {
        LoadedModel model = Fixtures.model("llama");
        assertThat(model.model().config().vocabSize())
                .isGreaterThan(model.text().tokenizer().vocabSize());
        boolean beyond = false;
        for (long seed = 0; seed < 20 && !beyond; seed++) {
            SamplingOptions options = SamplingOptions.builder()
                    .temperature(1000)
                    .maxTokens(47)
                    .seed(seed)
                    .ignoreEos(true)
                    .build();
            beyond = generate(model, "A", options).tokens().stream()
                    .anyMatch(id -> id >= model.text().tokenizer().vocabSize());
        }
        assertThat(beyond).isTrue();
    }

    @Test
    void aModelInTrainingGeneratesWithoutTouchingItsGradients() {
        LoadedModel model = Fixtures.model("gpt2");
        Transformer copy = new Transformer(model.model().config(), copies(model.model()));
        copy.parameters().values().forEach(p -> p.requiresGrad(true));
        Tensor input = Tensor.of(new int[] {1, 2, 3}, 1, 3);
        Tensor logits = copy.logits(copy.hidden(input, DType.F32)).reshape(3, -1);

        TextGenerator generator =
                new TextGenerator(copy, model.text().tokenizer(), model.text().endIds(), DType.F32);
        Generation generation = generator.generate(model.text().prompt("A"), greedy().build());
        Nn.crossEntropySum(logits, Tensor.of(new long[] {2, 3, 4})).backward();

        assertThat(generation.tokens())
                .isEqualTo(generate(model, "A", greedy().build()).tokens());
        assertThat(copy.parameters().firstEntry().getValue().grad()).isNotNull();
    }

    private static Map<String, Tensor> copies(Transformer model) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        model.parameters().forEach((name, tensor) -> copies.put(name, tensor.copy()));
        return copies;
    }
}
