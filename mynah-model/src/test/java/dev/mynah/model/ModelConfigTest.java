package dev.mynah.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelConfigTest {

    /** Counts of the published checkpoints. */
    @ParameterizedTest
    @CsvSource({
        "gpt1, 116534784",
        "gpt2, 124439808",
        "gpt2-medium, 354823168",
        "gpt2-large, 774030080",
        "gpt2-xl, 1557611200",
    })
    void presetsHaveTheParametersOfThePublishedCheckpoints(String preset, long parameters) {
        assertThat(Presets.named(preset).parameterCount()).isEqualTo(parameters);
    }

    /** Counts as table 2.1 of the paper rounds them, in millions. */
    @ParameterizedTest
    @CsvSource({
        "gpt3-125m, 125",
        "gpt3-350m, 350",
        "gpt3-760m, 760",
        "gpt3-1.3b, 1300",
        "gpt3-2.7b, 2700",
        "gpt3-6.7b, 6700",
        "gpt3-13b, 13000",
        "gpt3-175b, 175000",
    })
    void presetsOfGpt3HaveTheirPublishedSize(String preset, double millions) {
        double count = Presets.named(preset).parameterCount() / 1e6;
        assertThat(count).isCloseTo(millions, within(0.02 * millions));
    }

    @Test
    void gpt3At175BillionHasItsPublishedShape() {
        ModelConfig config = Presets.named("gpt3-175b");
        assertThat(config.layers()).isEqualTo(96);
        assertThat(config.width()).isEqualTo(12288);
        assertThat(config.heads()).isEqualTo(96);
        assertThat(config.headDim()).isEqualTo(128);
        assertThat(config.hidden()).isEqualTo(4 * 12288);
        assertThat(config.context()).isEqualTo(2048);
    }

    /**
     * Published: Llama 2 7B 6,738,415,616; Llama 3 8B 8,030,261,248; Qwen2.5 0.5B 494,032,768; Qwen3 0.6B 596,049,920.
     */
    @Test
    void llamaFamilyHasThePublishedParameterCounts() {
        ModelConfig llama2 = ModelConfig.llama()
                .vocabSize(32000)
                .context(4096)
                .layers(32)
                .width(4096)
                .heads(32)
                .hidden(11008)
                .build();
        assertThat(llama2.parameterCount()).isEqualTo(6_738_415_616L);
        ModelConfig llama3 =
                llama2.toBuilder().vocabSize(128256).kvHeads(8).hidden(14336).build();
        assertThat(llama3.parameterCount()).isEqualTo(8_030_261_248L);
        ModelConfig qwen2 = ModelConfig.llama()
                .vocabSize(151936)
                .context(32768)
                .layers(24)
                .width(896)
                .heads(14)
                .kvHeads(2)
                .hidden(4864)
                .qkvBias(true)
                .tiedEmbeddings(true)
                .build();
        assertThat(qwen2.parameterCount()).isEqualTo(494_032_768L);
        ModelConfig qwen3 = ModelConfig.llama()
                .vocabSize(151936)
                .context(40960)
                .layers(28)
                .width(1024)
                .heads(16)
                .kvHeads(8)
                .headDim(128)
                .hidden(3072)
                .qkNorm(true)
                .tiedEmbeddings(true)
                .build();
        assertThat(qwen3.parameterCount()).isEqualTo(596_049_920L);
    }

    @Test
    void flopsCountWhatIsMultipliedAndTheFullSquareOfAttention() {
        ModelConfig tied = Presets.named("gpt2");
        long multiplied = 124_439_808L - 1024 * 768;
        assertThat(tied.flopsPerToken(1024)).isEqualTo(6 * multiplied + 12L * 12 * 768 * 1024);
        ModelConfig untied = tied.toBuilder().tiedEmbeddings(false).build();
        assertThat(untied.parameterCount()).isEqualTo(124_439_808L + 50257 * 768);
        assertThat(untied.flopsPerToken(1024)).isEqualTo(tied.flopsPerToken(1024));
    }

    /**
     * Table D.1 of the GPT-3 paper: training on 300 billion tokens took 3.14e23 operations, counted as 6 N without
     * attention.
     */
    @Test
    void flopsOfGpt3AreThePublishedOnes() {
        double flops = Presets.named("gpt3-175b").flopsPerToken(2048) * 300e9;
        assertThat(flops).isCloseTo(3.14e23, within(0.04 * 3.14e23));
    }

    @ParameterizedTest
    @CsvSource({"1", "6", "12", "32"})
    void depthSetsTheRest(int depth) {
        ModelConfig config = Presets.depth(depth, 4096, 256);
        assertThat(config.layers()).isEqualTo(depth);
        assertThat(config.width()).isEqualTo(64 * depth);
        assertThat(config.headDim()).isEqualTo(64);
        assertThat(config.family()).isEqualTo(Family.LLAMA);
        double withoutEmbeddings = config.parameterCount() - 2.0 * 4096 * config.width();
        assertThat(withoutEmbeddings / (49152.0 * depth * depth * depth)).isBetween(1.0, 1.09);
    }

    @Test
    void unknownPresetIsRefusedWithTheList() {
        assertThatThrownBy(() -> Presets.named("gpt5"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"gpt5\"")
                .hasMessageContaining("gpt3-175b");
        assertThatThrownBy(() -> Presets.depth(0, 4096, 256)).hasMessage("depth must lie in 1..1024, not 0");
    }

    @Test
    void impossibleShapesAreRefused() {
        assertRefused(c -> c.vocabSize(0), "vocab_size must lie in 1..67108864, not 0");
        assertRefused(c -> c.layers(-1), "layers must lie in 1..4096, not -1");
        assertRefused(c -> c.kvHeads(3), "heads must be a multiple of kv_heads, but 4 is not a multiple of 3");
        assertRefused(
                c -> c.heads(5),
                "width must be a multiple of heads where head_dim is not given, but 64 is not a multiple of 5");
        assertRefused(c -> c.headDim(15), "head_dim must be even with rotary positions, not 15");
        assertRefused(c -> c.normEps(Double.NaN), "norm_eps must be a positive number, not NaN");
        assertRefused(c -> c.ropeTheta(0), "rope_theta must be a positive number, not 0.0");
    }

    @Test
    void featuresThatNoFamilyCombinesAreRefused() {
        assertRefused(
                c -> c.norm(Norm.LAYER_NORM), "a model with rotary positions needs norm rms_norm, not layer_norm");
        assertRefused(
                c -> c.positions(Positions.LEARNED),
                "a model with learned positions needs norm layer_norm, not rms_norm");
        assertRefused(
                c -> c.outputBias(true),
                "a model with rotary positions needs output_bias false where qkv_bias is false, not true");
    }

    private static void assertRefused(UnaryOperator<ModelConfigBuilder> change, String message) {
        ModelConfigBuilder good = ModelConfig.llama()
                .vocabSize(64)
                .context(16)
                .layers(2)
                .width(64)
                .heads(4);
        assertThat(good.build().family()).isEqualTo(Family.LLAMA);
        assertThatThrownBy(() -> change.apply(good).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
