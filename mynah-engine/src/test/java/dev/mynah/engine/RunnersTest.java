package dev.mynah.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.engine.fused.FusedRunner;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Real models in a batch, computed by libtorch and by the fused kernels: both write what the reference writes alone. */
class RunnersTest {

    enum Kind {
        TORCH {
            @Override
            ModelFactory.Opened open(String name, int positions) throws IOException {
                Scope scope = Scope.open();
                LoadedModel model = LoadedModel.open(Fixtures.path(name), Device.CPU);
                ModelRunner runner = new TorchRunner(scope, model, positions / TorchRunner.BLOCK_TOKENS);
                return new ModelFactory.Opened(
                        runner, model.text().tokenizer(), model.text().endIds());
            }
        },
        FUSED {
            @Override
            ModelFactory.Opened open(String name, int positions) throws IOException {
                StoredModel model = StoredModel.open(Fixtures.path(name));
                ModelRunner runner = new FusedRunner(model.weights(), positions / FusedRunner.BLOCK_TOKENS, 2);
                return new ModelFactory.Opened(
                        runner, model.text().tokenizer(), model.text().endIds());
            }
        };

        abstract ModelFactory.Opened open(String name, int positions) throws IOException;

        Engine engine(String name, int positions) throws IOException {
            return BatchingEngine.open(() -> open(name, positions), EngineOptions.DEFAULT);
        }
    }

    private static Stream<Object[]> all() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of("gpt2", "llama").map(name -> new Object[] {kind, name}));
    }

    private static GenerationRequest greedy(int[] prompt, String tenant) {
        SamplingOptions options = SamplingOptions.builder()
                .temperature(0)
                .maxTokens(20)
                .ignoreEos(true)
                .build();
        return new GenerationRequest(prompt, options, tenant, 0, null);
    }

    /** With memory for few of them at a time: those whose blocks of 16 grow are pre-empted, while no text outgrows a block of 32. */
    @ParameterizedTest
    @MethodSource("all")
    void greedyTokensInABatchAreTheReferencesAlone(Kind kind, String name) throws Exception {
        JsonNode cases = Fixtures.json(name + "/reference.json").get("generate");
        List<Recorder> recorders = new ArrayList<>();
        try (Engine engine = kind.engine(name, 80)) {
            for (int i = 0; i < 12; i++) {
                Recorder recorder = new Recorder();
                recorders.add(recorder);
                engine.submit(greedy(Fixtures.ints(cases.get(i % cases.size()).get("prompt_ids")), "t" + i), recorder);
            }
            for (Recorder recorder : recorders) {
                recorder.end.await();
            }
            assertThat(engine.metrics().preemptions() > 0).isEqualTo(kind == Kind.TORCH);
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

    @ParameterizedTest
    @EnumSource
    void theNextTurnGoesOnFromTheCachedPrefix(Kind kind) throws Exception {
        int[] turn = new int[40];
        for (int i = 0; i < turn.length; i++) {
            turn[i] = 2 + i * 7 % 300;
        }
        try (Engine engine = kind.engine("llama", 640)) {
            Generation fresh = TextGenerator.generate(engine, greedy(turn, "a"), text -> {});
            Generation again = TextGenerator.generate(engine, greedy(turn, "a"), text -> {});
            Generation stranger = TextGenerator.generate(engine, greedy(turn, "b"), text -> {});

            assertThat(fresh.usage().cachedTokens()).isZero();
            assertThat(again.usage().cachedTokens()).isEqualTo(32);
            assertThat(stranger.usage().cachedTokens()).isZero();
            assertThat(again.tokens()).isEqualTo(fresh.tokens()).isEqualTo(stranger.tokens());
        }
    }

    @ParameterizedTest
    @EnumSource
    void continuationsGoTheirOwnWaysFromAPartlyFilledBlock(Kind kind) throws Exception {
        SamplingOptions.Builder options =
                SamplingOptions.builder().maxTokens(12).ignoreEos(true);
        int[] prompt = {5, 6, 7, 8, 9};
        List<Recorder> recorders = List.of(new Recorder(), new Recorder(), new Recorder());
        try (Engine engine = kind.engine("llama", 640)) {
            GenerationRequest request =
                    new GenerationRequest(prompt, options.seed(3).build(), "a", 0, null);
            engine.submit(request, List.copyOf(recorders));
            for (Recorder recorder : recorders) {
                recorder.end.await();
            }
            for (int i = 0; i < 3; i++) {
                GenerationRequest alone =
                        new GenerationRequest(prompt, options.seed(3 + i).build(), "b" + i, 0, null);
                assertThat(recorders.get(i).tokens)
                        .isEqualTo(TextGenerator.generate(engine, alone, text -> {})
                                .tokens());
            }
        }
    }

    @Test
    void aFolderIsOpenedAndAnswersAsTheReference() throws Exception {
        JsonNode expected =
                Fixtures.json("llama/reference.json").get("generate").get(0);
        try (Engines.Served served = Engines.open(Fixtures.path("llama"), Device.CPU, EngineOptions.DEFAULT)) {
            int[] prompt = served.text().prompt(expected.get("prompt").asString());
            Generation answer = TextGenerator.generate(served.engine(), greedy(prompt, "a"), text -> {});

            assertThat(served.engine().context()).isEqualTo(48);
            assertThat(answer.tokens()).containsExactly(boxed(expected.get("greedy")));
        }
    }
}
