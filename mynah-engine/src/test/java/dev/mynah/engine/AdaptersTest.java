package dev.mynah.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.engine.ModelRunner.Chunk;
import dev.mynah.engine.fused.FusedRunner;
import dev.mynah.engine.fused.RandomWeights;
import dev.mynah.model.Lora;
import dev.mynah.model.LoraConfig;
import dev.mynah.model.LoraFolder;
import dev.mynah.model.ModelConfig;
import dev.mynah.model.Transformer;
import dev.mynah.model.weights.WeightSource;
import dev.mynah.model.weights.WeightType;
import dev.mynah.model.weights.Weights;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Low-rank adapters beside one model compute what the merged models do, in one batch. */
class AdaptersTest {
    private static final double TOLERANCE = 1e-3;

    @TempDir
    private Path folder;

    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static ModelConfig llama() {
        return ModelConfig.llama()
                .vocabSize(97)
                .context(64)
                .layers(2)
                .width(40)
                .heads(4)
                .kvHeads(2)
                .hidden(56)
                .build();
    }

    static Stream<WeightSource> sources() {
        ModelConfig gpt = ModelConfig.gpt2()
                .vocabSize(97)
                .context(64)
                .layers(2)
                .width(40)
                .heads(4)
                .build();
        return Stream.of(
                new RandomWeights(llama(), WeightType.F32, false),
                new RandomWeights(llama(), WeightType.F32, true),
                new RandomWeights(llama().toBuilder().fusedLayout(true).build(), WeightType.F32, false),
                new RandomWeights(gpt, WeightType.F32, false));
    }

    /** An adapter of every layer, whose update is no small one. */
    private Lora adapter(Transformer model, String name, int rank) throws IOException {
        List<String> all = List.copyOf(LoraConfig.layersOf(model.config()));
        Generator generator = new Generator(name.hashCode());
        Lora lora = Lora.create(model.config(), new LoraConfig(rank, 2 * rank, 0, all), Device.CPU, generator);
        lora.parameters().values().forEach(parameter -> parameter.normal_(0, 0.15, generator));
        LoraFolder.save(folder.resolve(name), lora, model, "base", false);
        return lora;
    }

    @ParameterizedTest
    @MethodSource("sources")
    void aBatchOfAdaptersGivesTheLogitsOfTheMergedModels(WeightSource source) throws IOException {
        int[] ids = new int[30];
        Arrays.setAll(ids, i -> (i * 37 + 11) % 97);
        Transformer base = Weights.load(source, Device.CPU, DType.F32);
        List<float[]> expected = new ArrayList<>(List.of(lastLogits(base, ids)));
        for (String name : List.of("a", "b")) {
            Lora lora = adapter(base, name, name.equals("a") ? 3 : 8);
            Transformer merged = Weights.load(source, Device.CPU, DType.F32);
            lora.mergeInto(merged);
            expected.add(lastLogits(merged, ids));
        }
        assertThat(distance(expected.get(0), expected.get(1))).isGreaterThan(0.1);
        assertThat(distance(expected.get(1), expected.get(2))).isGreaterThan(0.1);
        try (ModelRunner torch = new TorchRunner(base, DType.F32, 30)) {
            requireSame(torch, ids, expected);
        }
        try (ModelRunner fused = new FusedRunner(source, 30, 2)) {
            requireSame(fused, ids, expected);
        }
    }

    /** Long chunks and single tokens, three sequences in each step. */
    private void requireSame(ModelRunner runner, int[] ids, List<float[]> expected) throws IOException {
        List<String> adapters = List.of("", "a", "b");
        runner.addAdapter("a", folder.resolve("a"));
        runner.addAdapter("b", folder.resolve("b"));
        List<float[]> logits = List.of();
        for (int[] part : new int[][] {{0, 20}, {20, 25}, {25, 29}, {29, 30}}) {
            List<Chunk> chunks = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int[] blocks = {2 * i, 2 * i + 1};
                chunks.add(new Chunk(Arrays.copyOfRange(ids, part[0], part[1]), part[0], blocks, 1, adapters.get(i)));
            }
            logits = runner.run(chunks);
        }
        for (int i = 0; i < 3; i++) {
            assertThat(distance(logits.get(i), expected.get(i))).isLessThan(TOLERANCE);
        }
        runner.removeAdapter("a");
        assertThatThrownBy(() -> runner.run(List.of(new Chunk(ids, 0, new int[] {0, 1}, 1, "a"))))
                .hasMessage("there is no adapter a");
    }

    private static float[] lastLogits(Transformer model, int[] ids) {
        try (Autograd.Mode mode = Autograd.noGrad()) {
            Tensor hidden = model.hidden(Tensor.of(ids, 1, ids.length), DType.F32);
            return model.logits(hidden.narrow(1, ids.length - 1, 1)).toFloats();
        }
    }

    private static double distance(float[] a, float[] b) {
        double greatest = 0;
        for (int i = 0; i < a.length; i++) {
            greatest = Math.max(greatest, Math.abs(a[i] - b[i]));
        }
        return greatest;
    }

    /** Cached prefixes are those of one adapter, also when another takes its name later. */
    @Test
    void requestsChooseAnAdapterAndShareNoCacheWithOthers() throws Exception {
        RandomWeights source = new RandomWeights(llama(), WeightType.F32, false);
        Transformer base = Weights.load(source, Device.CPU, DType.F32);
        adapter(base, "one", 4);
        adapter(base, "other", 4);
        int[] prompt = new int[40];
        Arrays.setAll(prompt, i -> i * 5 % 97);
        ModelFactory factory =
                () -> new ModelFactory.Opened(new FusedRunner(source, 40, 1), new LetterTokenizer(), Set.of());
        try (Engine engine = BatchingEngine.open(factory, EngineOptions.DEFAULT)) {
            assertThatThrownBy(() -> answer(engine, prompt, "x")).hasMessage("there is no adapter x");
            engine.addAdapter("x", folder.resolve("one"));
            assertThatThrownBy(() -> engine.addAdapter("x", folder.resolve("other")))
                    .hasMessage("there is an adapter x already");
            assertThatThrownBy(() -> engine.addAdapter("y", folder.resolve("none")))
                    .isInstanceOf(IOException.class);
            Generation plain = answer(engine, prompt, "");
            Generation one = answer(engine, prompt, "x");
            assertThat(one.usage().cachedTokens()).isZero();
            assertThat(answer(engine, prompt, "x").usage().cachedTokens()).isEqualTo(32);
            engine.removeAdapter("x");
            engine.addAdapter("x", folder.resolve("other"));
            Generation other = answer(engine, prompt, "x");
            assertThat(other.usage().cachedTokens()).isZero();
            assertThat(List.of(plain.tokens(), one.tokens(), other.tokens())).doesNotHaveDuplicates();
        }
    }

    @Test
    void whatIsAnsweredWithARemovedAdapterFails() throws Exception {
        RandomWeights source = new RandomWeights(llama(), WeightType.F32, false);
        adapter(Weights.load(source, Device.CPU, DType.F32), "one", 4);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch removed = new CountDownLatch(1);
        Recorder recorder = new Recorder();
        recorder.onToken = () -> {
            begun.countDown();
            try {
                removed.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        ModelFactory factory =
                () -> new ModelFactory.Opened(new FusedRunner(source, 40, 1), new LetterTokenizer(), Set.of());
        try (Engine engine = BatchingEngine.open(factory, EngineOptions.DEFAULT)) {
            engine.addAdapter("x", folder.resolve("one"));
            engine.submit(request(new int[] {1, 2}, "x"), recorder);
            begun.await();
            engine.removeAdapter("x");
            removed.countDown();
            recorder.end.await();
            assertThat(recorder.failure).hasMessage("the adapter x was removed");
        }
    }

    private static Generation answer(Engine engine, int[] prompt, String adapter) {
        return TextGenerator.generate(engine, request(prompt, adapter), text -> {});
    }

    private static GenerationRequest request(int[] prompt, String adapter) {
        SamplingOptions greedy = SamplingOptions.builder()
                .temperature(0)
                .maxTokens(12)
                .ignoreEos(true)
                .build();
        return new GenerationRequest(prompt, greedy, "tenant", 0, null, adapter);
    }
}
