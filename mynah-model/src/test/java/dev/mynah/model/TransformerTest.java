package dev.mynah.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Gradients;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransformerTest {
    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @ParameterizedTest
    @MethodSource("dev.mynah.model.Fixture#names")
    void countsItsParametersAsItsConfigurationDoes(String name) {
        Transformer model = Fixture.named(name).model();
        long count =
                model.parameters().values().stream().mapToLong(Tensor::elements).sum();
        assertThat(count).isEqualTo(model.config().parameterCount());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama-tied"})
    void initialisesAsGpt2Does(String family) {
        ModelConfigBuilder builder = family.equals("gpt2") ? ModelConfig.gpt2() : ModelConfig.llama();
        ModelConfig config = builder.vocabSize(500)
                .context(64)
                .layers(8)
                .width(64)
                .heads(4)
                .biases(true)
                .build();
        Transformer model = Transformer.create(config, Device.CPU);
        model.init(new Generator(1));
        model.parameters().forEach((name, parameter) -> {
            float[] values = parameter.toFloats();
            boolean residual = name.matches(".*(c_proj|o_proj|down_proj)\\.weight");
            if (parameter.rank() == 2) {
                double expected = residual ? 0.02 / 4 : 0.02;
                assertThat(standardDeviation(values)).as(name).isCloseTo(expected, within(0.05 * expected));
            } else {
                assertThat(values).as(name).containsOnly(name.endsWith("bias") ? 0f : 1f);
            }
        });
    }

    private static double standardDeviation(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares / values.length);
    }

    @Test
    void theSameSeedGivesTheSameParameters() {
        assertThat(embedding(1)).isEqualTo(embedding(1)).isNotEqualTo(embedding(2));
    }

    private static float[] embedding(long seed) {
        Transformer model = Transformer.create(Presets.depth(1, 50, 16), Device.CPU);
        model.init(new Generator(seed));
        return model.parameters().firstEntry().getValue().toFloats();
    }

    /** Two documents in one row, kept apart by mask and positions, are computed as in rows of their own. */
    @ParameterizedTest
    @MethodSource("dev.mynah.model.Fixture#namesWithFixedRotation")
    void packedDocumentsDoNotSeeEachOther(String name) {
        Fixture fixture = Fixture.named(name);
        Transformer model = fixture.model();
        Tensor first = fixture.ids().narrow(0, 0, 1).narrow(1, 0, 6);
        Tensor second = fixture.ids().narrow(0, 1, 1);
        long[] documents = new long[22];
        long[] positions = new long[22];
        for (int i = 0; i < 22; i++) {
            documents[i] = i < 6 ? 0 : 1;
            positions[i] = i < 6 ? i : i - 6;
        }
        try (Autograd.Mode mode = Autograd.noGrad()) {
            Tensor packed = model.hidden(
                    Tensor.cat(List.of(first, second), 1),
                    AttentionMask.documents(Tensor.of(documents, 1, 22), DType.F32),
                    Tensor.of(positions, 1, 22),
                    DType.F32);
            Tensor apart = Tensor.cat(List.of(model.hidden(first, DType.F32), model.hidden(second, DType.F32)), 1);
            assertThat(Fixture.greatestDifference(packed, apart)).isLessThan(1e-4);
            Tensor unmasked = model.hidden(Tensor.cat(List.of(first, second), 1), DType.F32);
            assertThat(Fixture.greatestDifference(unmasked, apart)).isGreaterThan(0.1);
        }
    }

    /** Three sequences of different lengths, whose blocks lie anywhere, read two tokens each. */
    @ParameterizedTest
    @MethodSource("dev.mynah.model.Fixture#namesWithFixedRotation")
    void sequencesOfDifferentLengthsAreReadTogether(String name) {
        Fixture fixture = Fixture.named(name);
        Transformer model = fixture.model();
        Tensor ids = fixture.ids();
        int[][] blocks = {{7, 2, 5, 11}, {0, 9, 4, 1}, {3, 8, 6, 10}};
        int[] lengths = {10, 3, 0};
        PagedKvCache cache = new PagedKvCache(model.config(), 12, 4, DType.F32, Device.CPU);
        List<PagedKvCache.Table> tables = new ArrayList<>();
        List<Tensor> next = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            if (lengths[i] > 0) {
                PagedKvCache.View alone = cache.view(List.of(new PagedKvCache.Table(blocks[i], 0)), lengths[i]);
                model.hidden(ids.narrow(0, i % 2, 1).narrow(1, 0, lengths[i]), alone, DType.F32);
            }
            tables.add(new PagedKvCache.Table(blocks[i], lengths[i]));
            next.add(ids.narrow(0, i % 2, 1).narrow(1, lengths[i], 2));
        }
        cache.copyBlock(2, 6);
        blocks[0][1] = 6;
        tables.set(2, new PagedKvCache.Table(new int[] {3, 8, 2, 10}, 0));

        Tensor together = model.logits(model.hidden(Tensor.cat(next, 0), cache.view(tables, 2), DType.F32));
        for (int i = 0; i < 3; i++) {
            Tensor expected = fixture.logits().narrow(0, i % 2, 1).narrow(1, lengths[i], 2);
            assertThat(Fixture.greatestDifference(together.narrow(0, i, 1), expected))
                    .isLessThan(1e-4);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.mynah.model.Fixture#names")
    void thePositionsThatAreWantedAreComputedAsAmongAll(String name) {
        Fixture fixture = Fixture.named(name);
        Transformer model = fixture.model();
        Tensor ids = fixture.ids();
        int time = (int) ids.size(1);
        Tensor all = model.hidden(ids, DType.F32);
        for (int first : new int[] {1, 5, time - 1}) {
            Tensor wanted = model.hidden(ids, first, DType.F32);
            assertThat(Fixture.greatestDifference(wanted, all.narrow(1, first, time - first)))
                    .isLessThan(1e-5);
        }
    }

    @Test
    void theGradientsOfTheLastPositionsAreTheSameWhenNoOthersAreComputed() {
        Transformer model = Fixture.named("llama").model();
        Tensor ids = Fixture.named("llama").ids();
        long rest = ids.size(1) - 7;
        model.parameters().values().forEach(parameter -> parameter.requiresGrad(true));
        model.hidden(ids, DType.F32).narrow(1, 7, rest).square().sum().backward();
        List<float[]> expected = gradients(model);
        Gradients.clear(model.parameters().values());
        model.hidden(ids, 7, DType.F32).square().sum().backward();

        List<float[]> found = gradients(model);
        for (int p = 0; p < expected.size(); p++) {
            assertThat(found.get(p)).containsExactly(expected.get(p), within(1e-3F));
        }
    }

    private static List<float[]> gradients(Transformer model) {
        return Gradients.of(model.parameters().values()).stream()
                .map(Tensor::toFloats)
                .toList();
    }

    /** Norms stay as they are. Where embeddings are scaled or added to others, that happens in the other type. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen3", "mixtral"})
    void matricesInAnotherTypeComputeAsTheyDoWhenTheyAreCast(String name) {
        Fixture fixture = Fixture.named(name);
        Transformer model = fixture.model();
        Tensor cast = model.hidden(fixture.ids(), DType.BF16);
        Tensor once = model.withMatrices(DType.BF16).hidden(fixture.ids(), DType.BF16);

        assertThat(Fixture.greatestDifference(once.to(DType.F32), cast.to(DType.F32)))
                .isZero();
    }

    /** Long sequences are attended block by block, short pieces through a cache are not. */
    @Test
    void aLongSequenceIsComputedAsInPieces() {
        ModelConfig config = ModelConfig.llama()
                .vocabSize(64)
                .context(200)
                .layers(2)
                .width(32)
                .heads(4)
                .kvHeads(2)
                .build();
        Transformer model = Transformer.create(config, Device.CPU);
        model.init(new Generator(1));
        long[] ids = new SplittableRandom(1).longs(2 * 190, 0, 64).toArray();
        Tensor sequence = Tensor.of(ids, 2, 190);
        KvCache cache = KvCache.create(config, 2, 190, DType.F32, Device.CPU);
        List<Tensor> pieces = new ArrayList<>();
        for (int from = 0; from < 190; from += 38) {
            pieces.add(model.hidden(sequence.narrow(1, from, 38), cache, DType.F32));
        }
        Tensor apart = Tensor.cat(pieces, 1);
        assertThat(Fixture.greatestDifference(model.hidden(sequence, DType.F32), apart))
                .isLessThan(1e-5);
        KvCache other = KvCache.create(config, 2, 190, DType.F32, Device.CPU);
        model.hidden(sequence.narrow(1, 0, 20), other, DType.F32);
        Tensor behind = model.hidden(sequence.narrow(1, 20, 170), other, DType.F32);
        assertThat(Fixture.greatestDifference(behind, apart.narrow(1, 20, 170))).isLessThan(1e-5);
    }

    @Test
    void moreThanTheContextIsRefused() {
        Transformer model = Fixture.named("gpt2").model();
        Tensor ids = Tensor.zeros(DType.I64, Device.CPU, 1, 33);
        assertThatThrownBy(() -> model.hidden(ids, DType.F32))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the model reads up to 32 positions, not 0 and then 33");
        KvCache cache = KvCache.create(model.config(), 1, 8, DType.F32, Device.CPU);
        model.hidden(ids.narrow(1, 0, 6), cache, DType.F32);
        assertThatThrownBy(() -> model.hidden(ids.narrow(1, 0, 3), cache, DType.F32))
                .hasMessage("the model reads up to 8 positions, not 6 and then 3");
        assertThatThrownBy(() -> KvCache.create(model.config(), 1, 33, DType.F32, Device.CPU))
                .hasMessage("a cache for this model has 1..32 positions, not 33");
    }

    @Test
    void parametersThatDoNotFitAreNamed() {
        Transformer model = Fixture.named("llama").model();
        Map<String, Tensor> parameters = new LinkedHashMap<>(model.parameters());
        parameters.put("model.norm.weight", Tensor.zeros(DType.F32, Device.CPU, 31));
        assertThatThrownBy(() -> new Transformer(model.config(), parameters))
                .hasMessage("parameter model.norm.weight must have the shape [32], not F32[31]");
        parameters.remove("model.norm.weight");
        assertThatThrownBy(() -> new Transformer(model.config(), parameters))
                .hasMessage("parameter model.norm.weight is missing");
        Map<String, Tensor> more = new LinkedHashMap<>(model.parameters());
        more.put("extra", Tensor.zeros(DType.F32, Device.CPU, 1));
        assertThatThrownBy(() -> new Transformer(model.config(), more)).hasMessage("the model has no parameter extra");
    }

    @Test
    void theCausalMaskHidesWhatComesLater() {
        float[] mask = AttentionMask.causal(2, 4, DType.F32, Device.CPU).toFloats();
        float[] seen = new float[mask.length];
        for (int i = 0; i < mask.length; i++) {
            seen[i] = mask[i] == 0 ? 1 : 0;
        }
        assertThat(Arrays.toString(seen)).isEqualTo("[1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0]");
    }
}
