package dev.mynah.engine.fused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.engine.ModelRunner.Chunk;
import dev.mynah.model.ModelConfig;
import dev.mynah.model.MoeOptions;
import dev.mynah.model.RopeOptions;
import dev.mynah.model.SlidingWindow;
import dev.mynah.model.Transformer;
import dev.mynah.model.weights.TransformerWeights;
import dev.mynah.model.weights.WeightSource;
import dev.mynah.model.weights.WeightType;
import dev.mynah.model.weights.Weights;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the fused path to the one definition of the network. */
class FusedRunnerTest {
    private static final int THREADS = 2;
    private static final int BLOCKS = 40;

    private final Random random = new Random(3);
    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    static Stream<ModelConfig> networks() {
        ModelConfig llama = ModelConfig.llama()
                .vocabSize(97)
                .context(400)
                .layers(2)
                .width(72)
                .heads(6)
                .kvHeads(2)
                .headDim(20)
                .hidden(90)
                .build();
        return Stream.of(
                llama,
                llama.toBuilder()
                        .headDim(32)
                        .heads(4)
                        .kvHeads(4)
                        .tiedEmbeddings(true)
                        .build(),
                llama.toBuilder().headDim(256).heads(3).kvHeads(1).build(),
                llama.toBuilder().qkvBias(true).build(),
                llama.toBuilder().qkNorm(true).build(),
                llama.toBuilder()
                        .moe(new MoeOptions(5, 2, 90, true, 0, List.of()))
                        .build(),
                llama.toBuilder()
                        .qkvBias(true)
                        .moe(new MoeOptions(4, 2, 50, false, 130, List.of(1)))
                        .build(),
                ModelConfig.gemma()
                        .vocabSize(97)
                        .context(400)
                        .layers(3)
                        .width(72)
                        .heads(4)
                        .kvHeads(2)
                        .headDim(16)
                        .hidden(90)
                        .attentionScale(0.2)
                        .attentionSoftCap(5)
                        .logitSoftCap(3)
                        .window(new SlidingWindow(70, List.of(0, 2), RopeOptions.of(10_000)))
                        .build(),
                ModelConfig.gpt2()
                        .vocabSize(97)
                        .context(400)
                        .layers(2)
                        .width(72)
                        .heads(3)
                        .build());
    }

    @ParameterizedTest
    @MethodSource("networks")
    void promptsAndDecodingGiveTheTransformersLogits(ModelConfig config) {
        requireSame(new RandomWeights(config, WeightType.F32, false), 1e-4);
    }

    @Test
    void neighboursTurnWhereTheWeightsAreStoredSo() {
        requireSame(new RandomWeights(networks().toList().getFirst(), WeightType.F32, true), 1e-4);
    }

    /** But for fp32, keys and values are kept in bfloat16, and products of many tokens round to it too. */
    @ParameterizedTest
    @EnumSource
    void everyTypeGivesTheLogitsOfItsDecodedWeights(WeightType type) {
        ModelConfig config = ModelConfig.llama()
                .vocabSize(150)
                .context(400)
                .layers(2)
                .width(256)
                .heads(4)
                .kvHeads(2)
                .hidden(512)
                .build();
        requireSame(new RandomWeights(config, type, false), type == WeightType.F32 ? 1e-4 : 0.04);
    }

    /** One token at a time, a few at once, many at once, and what a sequence left in the cache. */
    private void requireSame(WeightSource source, double tolerance) {
        Transformer model = Weights.load(source, Device.CPU, DType.F32);
        int[] ids = ids(source.config(), 150);
        float[][] expected = logits(model, ids);
        double scale = scale(expected);
        try (FusedRunner runner = new FusedRunner(source, BLOCKS, THREADS, 0)) {
            for (int[] lengths : new int[][] {{150}, {1, 1, 3, 10, 1, 11, 1, 64, 1}, {63, 2, 30, 33, 1}}) {
                int[] blocks = shuffledBlocks();
                int start = 0;
                for (int length : lengths) {
                    int[] part = Arrays.copyOfRange(ids, start, start + length);
                    List<float[]> rows = runner.run(List.of(new Chunk(part, start, blocks, length)));
                    assertThat(rows).hasSize(length);
                    for (int i = 0; i < length; i++) {
                        boolean few = length < Linear.MANY && start < Linear.MANY;
                        double allowed = few ? Math.min(tolerance, 0.01) : tolerance;
                        assertThat(distance(rows.get(i), expected[start + i]) / scale)
                                .isCloseTo(0, within(allowed));
                    }
                    start += length;
                }
            }
        }
    }

    @Test
    void sequencesBesideEachOtherDoNotMeet() {
        ModelConfig config = networks().toList().getFirst();
        WeightSource source = new RandomWeights(config, WeightType.F32, false);
        Transformer model = Weights.load(source, Device.CPU, DType.F32);
        int[] first = ids(config, 300);
        int[] second = ids(config, 40);
        int[] third = ids(config, 33);
        try (FusedRunner runner = new FusedRunner(source, BLOCKS, THREADS)) {
            int[] a = IntStream.range(0, 12).toArray();
            int[] b = {20, 19};
            int[] c = {30, 33};
            runner.run(List.of(chunk(first, 0, 290, a, 0), chunk(third, 0, 31, c, 0)));
            List<float[]> rows = runner.run(
                    List.of(chunk(first, 290, 300, a, 2), chunk(second, 0, 40, b, 1), chunk(third, 31, 33, c, 2)));

            requireClose(rows.get(0), logits(model, first)[298], 1e-3);
            requireClose(rows.get(1), logits(model, first)[299], 1e-3);
            requireClose(rows.get(2), logits(model, second)[39], 1e-3);
            requireClose(rows.get(3), logits(model, third)[31], 1e-3);
            requireClose(rows.get(4), logits(model, third)[32], 1e-3);
        }
    }

    @Test
    void moreTokensThanAPassHoldsTakeSeveral() {
        ModelConfig config =
                networks().toList().getFirst().toBuilder().context(2000).build();
        WeightSource source = new RandomWeights(config, WeightType.F32, false);
        int[] ids = ids(config, 1100);
        float[][] expected = logits(Weights.load(source, Device.CPU, DType.F32), ids);
        try (FusedRunner runner = new FusedRunner(source, BLOCKS, THREADS)) {
            List<float[]> rows = runner.run(List.of(
                    new Chunk(ids, 0, IntStream.range(0, 35).toArray(), 600), chunk(ids, 0, 5, new int[] {39}, 1)));

            assertThat(rows).hasSize(601);
            for (int i = 0; i < 600; i += 67) {
                requireClose(rows.get(i), expected[500 + i], 1e-3);
            }
            requireClose(rows.get(600), expected[4], 1e-3);
        }
    }

    @Test
    void aCopiedBlockGoesAWayOfItsOwn() {
        ModelConfig config = networks().toList().getFirst();
        WeightSource source = new RandomWeights(config, WeightType.F32, false);
        Transformer model = Weights.load(source, Device.CPU, DType.F32);
        int[] ids = ids(config, 45);
        int[] other = ids.clone();
        other[40] = (ids[40] + 1) % config.vocabSize();
        try (FusedRunner runner = new FusedRunner(source, BLOCKS, THREADS)) {
            runner.run(List.of(chunk(ids, 0, 40, new int[] {3, 4}, 0)));
            runner.copyBlock(4, 5);
            List<float[]> rows = runner.run(
                    List.of(chunk(ids, 40, 45, new int[] {3, 4}, 1), chunk(other, 40, 45, new int[] {3, 5}, 1)));

            requireClose(rows.get(0), logits(model, ids)[44], 1e-3);
            requireClose(rows.get(1), logits(model, other)[44], 1e-3);
        }
    }

    @Test
    void aloneOrInABatchTheSameTokenIsMostProbable() {
        ModelConfig config = networks().toList().getFirst();
        int[] ids = ids(config, 60);
        try (FusedRunner runner = new FusedRunner(new RandomWeights(config, WeightType.F32, false), BLOCKS, THREADS)) {
            List<Chunk> others = new ArrayList<>();
            for (int i = 1; i < 8; i++) {
                others.add(chunk(ids(config, 20 + i), 0, 20 + i, new int[] {10 + i}, 1));
            }
            for (int end = 41; end < 60; end++) {
                runner.run(List.of(chunk(ids, 0, end - 1, new int[] {0, 1}, 0)));
                Chunk decoded = chunk(ids, end - 1, end, new int[] {0, 1}, 1);
                float[] alone = runner.run(List.of(decoded)).getFirst().clone();
                others.addFirst(decoded);
                float[] beside = runner.run(others).getFirst();
                others.removeFirst();

                requireClose(beside, alone, 1e-5);
            }
        }
    }

    @Test
    void weightsThatChangeAreSeen() {
        for (ModelConfig config :
                List.of(networks().toList().getFirst(), networks().toList().getLast())) {
            Transformer model = Transformer.create(config, Device.CPU);
            model.init(new Generator(1));
            int[] ids = ids(config, 20);
            try (FusedRunner runner = new FusedRunner(new TransformerWeights(model), BLOCKS, THREADS)) {
                model.init(new Generator(2));
                runner.refresh();
                List<float[]> rows = runner.run(List.of(chunk(ids, 0, 20, new int[] {0}, 1)));

                requireClose(rows.getFirst(), logits(model, ids)[19], 1e-4);
            }
        }
    }

    @Test
    void chunksThatCannotBeAreRefused() {
        ModelConfig config = networks().toList().getFirst();
        try (FusedRunner runner = new FusedRunner(new RandomWeights(config, WeightType.F32, false), BLOCKS, THREADS)) {
            int[] one = {0};
            assertThatThrownBy(() -> runner.run(List.of(new Chunk(new int[] {97}, 0, one, 1))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("token id 97 is not one of 0..96");
            assertThatThrownBy(() -> runner.run(List.of(new Chunk(new int[33], 0, one, 1))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("33 positions need 2 blocks, not 1");
            assertThatThrownBy(() -> runner.run(List.of(new Chunk(one, 400, new int[13], 1))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("context of 400 positions");
            assertThatThrownBy(() -> runner.run(List.of(new Chunk(one, 0, new int[] {BLOCKS}, 1))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("block 40 is not one of 0..39");
        }
    }

    private static Chunk chunk(int[] ids, int from, int to, int[] blocks, int logitRows) {
        return new Chunk(Arrays.copyOfRange(ids, from, to), from, blocks, logitRows);
    }

    private int[] ids(ModelConfig config, int count) {
        return random.ints(count, 0, config.vocabSize()).toArray();
    }

    private int[] shuffledBlocks() {
        List<Integer> blocks =
                new ArrayList<>(IntStream.range(0, BLOCKS).boxed().toList());
        Collections.shuffle(blocks, random);
        return blocks.stream().mapToInt(Integer::intValue).toArray();
    }

    private static float[][] logits(Transformer model, int[] ids) {
        try (Scope inner = Scope.open();
                Autograd.Mode mode = Autograd.noGrad()) {
            float[] all = model.logits(model.hidden(Tensor.of(ids, 1, ids.length), DType.F32))
                    .toFloats();
            int vocabSize = model.config().vocabSize();
            return IntStream.range(0, ids.length)
                    .mapToObj(i -> Arrays.copyOfRange(all, i * vocabSize, (i + 1) * vocabSize))
                    .toArray(float[][]::new);
        }
    }

    /** The root of the mean square. */
    private static double scale(float[][] rows) {
        return Math.sqrt(Arrays.stream(rows)
                .flatMapToDouble(row -> IntStream.range(0, row.length).mapToDouble(i -> (double) row[i] * row[i]))
                .average()
                .orElseThrow());
    }

    /** The root of the mean square of the differences. */
    private static double distance(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        return Math.sqrt(IntStream.range(0, actual.length)
                .mapToDouble(i -> actual[i] - expected[i])
                .map(difference -> difference * difference)
                .average()
                .orElseThrow());
    }

    private static void requireClose(float[] actual, float[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        double worst = IntStream.range(0, actual.length)
                .mapToDouble(i -> Math.abs(actual[i] - expected[i]))
                .max()
                .orElseThrow();
        assertThat(worst).isCloseTo(0, within(tolerance));
    }
}
