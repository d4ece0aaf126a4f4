package dev.mynah.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Real models in a batch; {@link TextGeneratorTest} holds them to the reference alone. */
class TorchRunnerTest {
    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static Engine engine(LoadedModel model, int blocks) throws IOException {
        return BatchingEngine.open(
                () -> new ModelFactory.Opened(
                        new TorchRunner(model.model(), model.compute(), blocks), model.tokenizer(), model.endIds()),
                EngineOptions.DEFAULT);
    }

    private static GenerationRequest greedy(int[] prompt, String tenant) {
        SamplingOptions options = SamplingOptions.builder()
                .temperature(0)
                .maxTokens(20)
                .ignoreEos(true)
                .build();
        return new GenerationRequest(prompt, options, tenant, 0, null);
    }

    /** With blocks for few of them at a time, so that some are pre-empted. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama"})
    void greedyTokensInABatchAreTheReferencesAlone(String name) throws Exception {
        LoadedModel model = Fixtures.model(name);
        JsonNode cases = Fixtures.json(name + "/reference.json").get("generate");
        List<Recorder> recorders = new ArrayList<>();
        try (Engine engine = engine(model, 5)) {
            for (int i = 0; i < 12; i++) {
                Recorder recorder = new Recorder();
                recorders.add(recorder);
                engine.submit(greedy(Fixtures.ints(cases.get(i % cases.size()).get("prompt_ids")), "t" + i), recorder);
            }
            for (Recorder recorder : recorders) {
                recorder.end.await();
            }
            assertThat(engine.metrics().preemptions()).isPositive();
        }
        for (int i = 0; i < 12; i++) {
            JsonNode expected = cases.get(i % cases.size()).get("greedy");
            assertThat(recorders.get(i).failure).isNull();
            assertThat(recorders.get(i).tokens).containsExactly(boxed(expected));
        }
    }

    private static Integer[] boxed(JsonNode array) {
        return array.valueStream().map(JsonNode::asInt).toArray(Integer[]::new);
    }

    @Test
    void theNextTurnGoesOnFromTheCachedPrefix() throws Exception {
        LoadedModel model = Fixtures.model("llama");
        int[] turn = new int[40];
        for (int i = 0; i < turn.length; i++) {
            turn[i] = 2 + i * 7 % 300;
        }
        try (Engine engine = engine(model, 40)) {
            Generation fresh = TextGenerator.generate(engine, greedy(turn, "a"), text -> {});
            Generation again = TextGenerator.generate(engine, greedy(turn, "a"), text -> {});
            Generation stranger = TextGenerator.generate(engine, greedy(turn, "b"), text -> {});

            assertThat(fresh.usage().cachedTokens()).isZero();
            assertThat(again.usage().cachedTokens()).isEqualTo(32);
            assertThat(stranger.usage().cachedTokens()).isZero();
            assertThat(again.tokens()).isEqualTo(fresh.tokens()).isEqualTo(stranger.tokens());
        }
    }

    @Test
    void continuationsGoTheirOwnWaysFromAPartlyFilledBlock() throws Exception {
        LoadedModel model = Fixtures.model("llama");
        SamplingOptions options =
                SamplingOptions.builder().maxTokens(12).ignoreEos(true).seed(3).build();
        int[] prompt = model.prompt("The bird");
        List<Recorder> recorders = List.of(new Recorder(), new Recorder(), new Recorder());
        try (Engine engine = engine(model, 40)) {
            engine.submit(new GenerationRequest(prompt, options, "a", 0, null), List.copyOf(recorders));
            for (Recorder recorder : recorders) {
                recorder.end.await();
            }
        }
        for (int i = 0; i < 3; i++) {
            SamplingOptions alone = SamplingOptions.builder()
                    .maxTokens(12)
                    .ignoreEos(true)
                    .seed(3 + i)
                    .build();
            assertThat(recorders.get(i).tokens)
                    .isEqualTo(model.generator().generate(prompt, alone).tokens());
        }
    }

    @Test
    void aFolderIsOpenedAndAnswersLikeTheGenerator() throws Exception {
        LoadedModel model = Fixtures.model("llama");
        GenerationRequest request = greedy(model.prompt("The bird"), "a");
        try (Engines.Served served = Engines.open(Fixtures.path("llama"), Device.CPU, EngineOptions.DEFAULT)) {
            Generation answer = TextGenerator.generate(served.engine(), request, text -> {});

            assertThat(served.model().prompt("The bird")).isEqualTo(request.prompt());
            assertThat(served.engine().context()).isEqualTo(48);
            assertThat(answer).isEqualTo(model.generator().generate(request.prompt(), request.sampling()));
        }
    }
}
