package dev.mynah.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
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

    /**
     * Published: Gemma 2 2B 2,614,341,888; Gemma 3 1B 999,885,952; Phi-3-mini 3,821,079,552; Mixtral 8x7B
     * 46,702,792,704; Qwen1.5-MoE-A2.7B 14,315,784,192; Qwen3-30B-A3B 30,532,122,624.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        2614341888  | {"model_type": "gemma2", "vocab_size": 256000, "max_position_embeddings": 8192, "num_hidden_layers": 26, "hidden_size": 2304, "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256, "intermediate_size": 9216}
        999885952   | {"model_type": "gemma3_text", "vocab_size": 262144, "max_position_embeddings": 32768, "num_hidden_layers": 26, "hidden_size": 1152, "num_attention_heads": 4, "num_key_value_heads": 1, "head_dim": 256, "intermediate_size": 6912, "sliding_window": 512}
        3821079552  | {"model_type": "phi3", "vocab_size": 32064, "max_position_embeddings": 4096, "num_hidden_layers": 32, "hidden_size": 3072, "num_attention_heads": 32, "intermediate_size": 8192, "sliding_window": 2047}
        46702792704 | {"model_type": "mixtral", "vocab_size": 32000, "max_position_embeddings": 32768, "num_hidden_layers": 32, "hidden_size": 4096, "num_attention_heads": 32, "num_key_value_heads": 8, "intermediate_size": 14336, "num_local_experts": 8}
        14315784192 | {"model_type": "qwen2_moe", "vocab_size": 151936, "max_position_embeddings": 8192, "num_hidden_layers": 24, "hidden_size": 2048, "num_attention_heads": 16, "num_key_value_heads": 16, "intermediate_size": 5632, "num_experts": 60, "moe_intermediate_size": 1408, "shared_expert_intermediate_size": 5632}
        30532122624 | {"model_type": "qwen3_moe", "vocab_size": 151936, "max_position_embeddings": 40960, "num_hidden_layers": 48, "hidden_size": 2048, "num_attention_heads": 32, "num_key_value_heads": 4, "head_dim": 128, "intermediate_size": 6144, "num_experts": 128, "moe_intermediate_size": 768}
        """)
    void laterFamiliesHaveThePublishedParameterCounts(long parameters, String json) {
        assertThat(HuggingFaceConfig.parse("config.json", json).parameterCount())
                .isEqualTo(parameters);
    }

    @Test
    void layersAreDescribedOneByOne() {
        ModelConfig gemma3 = HuggingFaceConfig.parse("config.json", """
            {"model_type": "gemma3_text", "vocab_size": 64, "max_position_embeddings": 1000, "num_hidden_layers": 7, "hidden_size": 64,
             "num_attention_heads": 4, "head_dim": 16, "intermediate_size": 64, "sliding_window": 100,
             "rope_scaling": {"rope_type": "linear", "factor": 8}}""");
        RopeOptions global = new RopeOptions(1_000_000, 1, new RopeScaling.Linear(8));
        LayerOptions local = new LayerOptions(100, RopeOptions.of(10_000));
        assertThat(IntStream.range(0, 7).mapToObj(gemma3::layer))
                .containsExactly(
                        local, local, local, local, local, new LayerOptions(LayerOptions.UNLIMITED, global), local);
        assertThat(gemma3.embeddingScale()).isEqualTo(8);
        assertThat(gemma3.attention().scale()).isEqualTo(1 / 16.0);
        assertThat(global.inverseFrequencies(16, 1)).hasSize(8).startsWith(1 / 8f);
    }

    /** The experts that do not compute a token cost nothing, nor do keys outside the window. */
    @Test
    void flopsOfAMixtureCountTheExpertsOfAToken() {
        ModelConfig dense = mixture(4).build();
        ModelConfig sparse = mixture(1).build();
        long experts = 2L * 3 * 3 * 64 * 32;
        assertThat(dense.parameterCount()).isEqualTo(sparse.parameterCount());
        assertThat(dense.flopsPerToken(16) - sparse.flopsPerToken(16)).isEqualTo(6 * experts);
        ModelConfig windowed = mixture(1)
                .window(new SlidingWindow(5, List.of(0, 1), RopeOptions.of(10_000)))
                .build();
        assertThat(sparse.flopsPerToken(16) - windowed.flopsPerToken(16)).isEqualTo(12 * 2 * 64 * 11);
    }

    private static ModelConfigBuilder mixture(int expertsPerToken) {
        return ModelConfig.llama()
                .vocabSize(64)
                .context(16)
                .layers(2)
                .width(64)
                .heads(4)
                .hidden(32)
                .moe(new MoeOptions(4, expertsPerToken, 32, true, 0, List.of()));
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
        assertRefused(c -> c.logitSoftCap(30), "a model with rotary positions has no soft cap of logits");
        assertRefused(
                c -> c.attentionScale(0.5),
                "a model with rotary positions needs a scale of attention 1 / sqrt(head_dim), not 0.5");
        assertRefused(
                c -> c.window(new SlidingWindow(8, List.of(1), RopeOptions.of(10_000))),
                "a model with a sliding window and neither q/k norms nor a bias on q, k and v only has no sliding window in some layers only");
        assertRefused(
                c -> c.window(new SlidingWindow(8, List.of(2), RopeOptions.of(10_000))),
                "sliding_window names layer 2, but the layers are 0..1");
        assertRefused(
                c -> c.moe(new MoeOptions(4, 2, 32, false, 0, List.of())),
                "a model with experts and neither q/k norms nor a shared expert needs normalised probabilities of experts true, not false");
        assertRefused(
                c -> c.norm(Norm.RMS_NORM_OFFSET), "a model with norm rms_norm_offset needs norms sandwich, not pre");
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
