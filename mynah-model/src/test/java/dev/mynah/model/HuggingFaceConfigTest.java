package dev.mynah.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HuggingFaceConfigTest {
    private static final String LLAMA = """
            {"model_type": "llama", "vocab_size": 100, "max_position_embeddings": 64, "hidden_size": 32, "intermediate_size": 80,
             "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2%s}""";

    private static ModelConfig llamaWith(String more) {
        return HuggingFaceConfig.parse("config.json", LLAMA.formatted(more));
    }

    private static ModelConfig ofType(String modelType, String more) {
        return HuggingFaceConfig.parse("config.json", LLAMA.formatted(more).replace("llama", modelType));
    }

    @Test
    void readsWhatTransformersWrites() throws IOException {
        ModelConfig qwen3 = ModelFolder.config(Fixture.folder("qwen3"));
        assertThat(qwen3)
                .isEqualTo(ModelConfig.llama()
                        .vocabSize(96)
                        .context(64)
                        .layers(2)
                        .width(32)
                        .heads(4)
                        .kvHeads(2)
                        .headDim(16)
                        .hidden(80)
                        .normEps(1e-6)
                        .ropeTheta(1_000_000)
                        .qkNorm(true)
                        .tiedEmbeddings(true)
                        .build());
        ModelConfig gpt2 = ModelFolder.config(Fixture.folder("gpt2-untied"));
        assertThat(gpt2)
                .isEqualTo(ModelConfig.gpt2()
                        .vocabSize(96)
                        .context(32)
                        .layers(2)
                        .width(32)
                        .heads(4)
                        .hidden(48)
                        .normEps(1e-3)
                        .activation(Activation.GELU)
                        .tiedEmbeddings(false)
                        .build());
        assertThat(ModelFolder.config(Fixture.folder("gpt1")).family()).isEqualTo(Family.GPT1);
        assertThat(ModelFolder.config(Fixture.folder("qwen2")).family()).isEqualTo(Family.QWEN2);
        assertThat(ModelFolder.config(Fixture.folder("mistral")).family()).isEqualTo(Family.LLAMA);
    }

    @Test
    void readsBeginAndEndIds() throws IOException {
        assertThat(ModelFolder.generation(Fixture.folder("llama"))).isEqualTo(new GenerationConfig(0, List.of(1, 2)));
        assertThat(ModelFolder.generation(Fixture.folder("gpt2"))).isEqualTo(new GenerationConfig(0, List.of(1)));
    }

    @Test
    void samplingThatCannotBeIsRefused() {
        for (String field : List.of(
                "\"temperature\": -1", "\"top_p\": 0", "\"top_k\": 1.5", "\"min_p\": 2", "\"repetition_penalty\": 0")) {
            JsonFields fields =
                    JsonFields.parse("generation_config.json", ("{" + field + "}").getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> GenerationConfig.of(fields, 10))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(field.substring(1, field.indexOf('"', 1)));
        }
    }

    static Stream<ModelConfig> configs() {
        return Stream.concat(
                Presets.names().stream().map(Presets::named), Fixture.names().map(name -> {
                    try {
                        return ModelFolder.config(Fixture.folder(name));
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                }));
    }

    @ParameterizedTest
    @MethodSource("configs")
    void whatIsWrittenReadsBackTheSame(ModelConfig config) {
        for (GenerationConfig generation : List.of(
                GenerationConfig.NONE,
                new GenerationConfig(5, List.of(6)),
                new GenerationConfig(-1, List.of(6, 7)),
                new GenerationConfig(1, List.of(2), new SamplingDefaults(0.7, 0.8, 20, 0.01, 1.05)))) {
            String json = HuggingFaceConfig.write(config, generation, "float32");
            assertThat(HuggingFaceConfig.parse("config.json", json)).isEqualTo(config);
            JsonFields fields = JsonFields.parse(
                    "generation_config.json",
                    HuggingFaceConfig.write(generation).getBytes(StandardCharsets.UTF_8));
            assertThat(GenerationConfig.of(fields, config.vocabSize())).isEqualTo(generation);
        }
    }

    @Test
    void absentKeysHaveTheDefaultsOfTransformers() {
        ModelConfig config = llamaWith("");
        assertThat(config.normEps()).isEqualTo(1e-6);
        assertThat(config.rope().theta()).isEqualTo(10_000);
        assertThat(config.tiedEmbeddings()).isFalse();
        assertThat(config.headDim()).isEqualTo(8);
        assertThat(config.kvHeads()).isEqualTo(2);
        assertThat(llamaWith(", \"num_experts\": null").kvHeads()).isEqualTo(2);
    }

    @Test
    void ropeThetaIsReadFromBothPlaces() {
        assertThat(llamaWith(", \"rope_theta\": 500000.0").rope().theta()).isEqualTo(500_000);
        assertThat(llamaWith(", \"rope_parameters\": {\"rope_theta\": 7.0, \"rope_type\": \"default\"}")
                        .rope()
                        .theta())
                .isEqualTo(7);
    }

    @Test
    void aSlidingWindowThatIsNotInUseIsNone() {
        assertThat(ofType("qwen2", ", \"sliding_window\": 8, \"use_sliding_window\": false")
                        .family())
                .isEqualTo(Family.QWEN2);
        assertThat(ofType("mistral", ", \"sliding_window\": null").family()).isEqualTo(Family.LLAMA);
        assertThat(ofType("mistral", ", \"sliding_window\": 64").family()).isEqualTo(Family.LLAMA);
        assertThat(ofType("mistral", "").family()).isEqualTo(Family.LLAMA);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        llama   | , "rope_scaling": {"type": "mrope"}                               | config.json: rope_scaling: type "mrope" is not supported; supported are default, linear, dynamic, yarn, llama3, longrope
        llama   | , "rope_scaling": {"type": "default", "mrope_section": [2, 2]}    | config.json: rope_scaling: mrope_section [2,2] is not supported; supported rope types are default, linear, dynamic
        llama   | , "rope_scaling": {"type": "linear"}                              | config.json: rope_scaling lacks factor
        llama   | , "rope_scaling": {"type": "linear", "factor": 0}                 | config.json: rope_scaling: factor of rope scaling must be a positive number, not 0.0
        llama   | , "rope_parameters": {"rope_type": "llama3", "rope_theta": 5e5}   | config.json: rope_parameters lacks factor
        llama   | , "rope_scaling": {"type": "longrope", "short_factor": [1], "long_factor": [1]} | short_factor and long_factor of longrope must have 4 numbers, not 1
        phi3    | , "rope_scaling": {"type": "linear", "factor": 2}                 | config.json: a model with a fused layout needs rope scaling none or longrope, not linear
        llama   | , "hidden_act": "relu"                                            | config.json: hidden_act "relu" is not supported; the only supported value is silu
        llama   | , "partial_rotary_factor": 0.5                                    | config.json: a model with rotary positions needs partial_rotary_factor 1, not 0.5
        llama   | , "quantization_config": {"bits": 4}                              | config.json: quantization_config {"bits":4} is not supported
        llama   | , "attn_logit_softcapping": 50.0                                  | config.json: attn_logit_softcapping 50.0 is not supported
        qwen3   | , "layer_types": ["full_attention", "sliding_attention"]          | is not supported where use_sliding_window is not true
        qwen3   | , "layer_types": ["full_attention", "chunked_attention"]          | has chunked_attention; supported are full_attention, sliding_attention
        qwen3   | , "layer_types": ["full_attention"]                               | config.json: layer_types ["full_attention"] must name 2 layers
        llama   | , "layer_types": ["full_attention", "sliding_attention"]          | is not supported; a llama has full_attention only
        mistral | , "sliding_window": 32, "layer_types": ["full_attention", "sliding_attention"] | all layers of this architecture are of one kind
        mistral | , "sliding_window": 0                                             | config.json: sliding_window must be at least 1, not 0
        gemma2  | , "hidden_activation": "gelu"                                     | config.json: hidden_activation "gelu" is not supported; the only supported value is gelu_pytorch_tanh
        gemma3_text | , "attn_logit_softcapping": 50.0                              | config.json: attn_logit_softcapping 50.0 is not supported
        gemma3_text | , "use_bidirectional_attention": true                         | config.json: use_bidirectional_attention true is not supported
        gemma3_text | , "rope_parameters": {"chunked_attention": {}}                | config.json: rope_parameters: chunked_attention {} is not supported; supported are full_attention, sliding_attention
        llama   | , "num_local_experts": 4                                          | config.json: num_local_experts 4 is not supported
        mixtral | , "num_experts_per_tok": 9                                        | config.json: experts per token must lie in 1..8 (all experts), not 9
        qwen3_moe | , "num_experts": 2000000000                                     | config.json: experts * layers must lie in 1..131072, not 4000000000
        mamba   | , "x": 1                                                          | config.json: model_type "mamba" is not supported; supported are gpt2, openai-gpt, llama, mistral, qwen2, qwen3, gemma2, gemma3, gemma3_text, phi3, mixtral, qwen2_moe, qwen3_moe
        llama   | , "head_dim": "8"                                                 | config.json: head_dim "8" must be an integer
        llama   | , "head_dim": 99999999999                                         | config.json: head_dim 99999999999 must be an integer of at most 2147483647
        llama   | , "head_dim": -4                                                  | config.json: head_dim must lie in 1..1048576, not -4
        llama   | , "tie_word_embeddings": 1                                        | config.json: tie_word_embeddings 1 must be true or false
        llama   | , "rms_norm_eps": "1e-5"                                          | config.json: rms_norm_eps "1e-5" must be a number
        llama   | , "head_dim": 8, "head_dim": 16                                   | Duplicate Object property "head_dim"
        """)
    void whatIsNotComputedIsRefusedByName(String modelType, String more, String message) {
        assertThatThrownBy(() -> ofType(modelType, more))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void gpt2FeaturesThatAreNotComputedAreRefused() {
        String gpt2 =
                "{\"model_type\": \"gpt2\", \"vocab_size\": 100, \"n_positions\": 64, \"n_embd\": 32, \"n_layer\": 2, \"n_head\": 4, ";
        for (String feature : List.of(
                "\"scale_attn_weights\": false",
                "\"scale_attn_by_inverse_layer_idx\": true",
                "\"add_cross_attention\": true",
                "\"activation_function\": \"relu\"")) {
            assertThatThrownBy(() -> HuggingFaceConfig.parse("config.json", gpt2 + feature + "}"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(feature.substring(1, feature.indexOf('"', 1)));
        }
    }

    @Test
    void whatIsNoConfigurationIsRefused() {
        assertThatThrownBy(() -> HuggingFaceConfig.parse("config.json", "[1]"))
                .hasMessage("config.json must hold a JSON object, not an array");
        assertThatThrownBy(() -> HuggingFaceConfig.parse("config.json", ""))
                .hasMessage("config.json must hold a JSON object, not nothing");
        assertThatThrownBy(() -> HuggingFaceConfig.parse("config.json", "{\"a\""))
                .hasMessageStartingWith("config.json is not valid JSON: ");
        assertThatThrownBy(() -> HuggingFaceConfig.parse("config.json", "{}"))
                .hasMessageStartingWith("config.json lacks model_type; supported are ");
        assertThatThrownBy(() -> HuggingFaceConfig.parse("config.json", "{\"model_type\": \"gpt2\"}"))
                .hasMessage("config.json lacks vocab_size");
    }

    /** Whatever is done to a good file, it is read or refused in a sentence. */
    @Test
    void mutatedFilesNeverDoAnythingElse() throws IOException {
        Random random = new Random(21);
        int refused = 0;
        for (String name : Fixture.names().toList()) {
            byte[] good = Files.readAllBytes(Fixture.folder(name).resolve("config.json"));
            for (int i = 0; i < 300; i++) {
                byte[] bytes = good.clone();
                for (int changes = random.nextInt(3); changes >= 0; changes--) {
                    int at = random.nextInt(bytes.length);
                    bytes[at] =
                            random.nextBoolean() ? (byte) ('0' + random.nextInt(10)) : bytes[random.nextInt(at + 1)];
                }
                try {
                    HuggingFaceConfig.of(JsonFields.parse("config.json", bytes));
                } catch (IllegalArgumentException e) {
                    assertThat(e.getMessage()).startsWith("config.json").hasSizeLessThan(1000);
                    refused++;
                }
            }
        }
        assertThat(refused).isBetween(1500, 23 * 300 - 1);
    }
}
