package dev.mynah.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.model.GenerationConfig;
import dev.mynah.model.ModelFolder;
import dev.mynah.model.StoredParameter;
import dev.mynah.model.weights.RowDecoder;
import dev.mynah.model.weights.RowOrder;
import dev.mynah.model.weights.Weight;
import dev.mynah.model.weights.WeightSource;
import dev.mynah.model.weights.WeightType;
import dev.mynah.text.GgufVocabulary;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is what llama.cpp read in {@link GgufModelTest}: the two meet in the same files. */
class GgufWriterTest {
    @TempDir
    private Path folder;

    /** Files that llama.cpp was given, read and written again, hold the same tensors to the byte. */
    @ParameterizedTest
    @CsvSource({
        "llama-q8_0, Q8_0",
        "llama-q4_0, Q4_0",
        "llama-bf16, BF16",
        "qwen2-q8_0, Q8_0",
        "qwen3-q4_0, Q4_0",
        "gpt2-f32, F32",
        "gpt2-q8_0, Q8_0",
        "gemma2-q8_0, Q8_0",
        "gemma3-q8_0, Q8_0",
        "phi3-q8_0, Q8_0",
        "mixtral-q8_0, Q8_0",
        "qwen2moe-q8_0, Q8_0",
        "qwen3moe-q8_0, Q8_0",
        "llama-rope-freqs, Q8_0",
        "llama-yarn, Q8_0",
        "llama-linear, Q8_0"
    })
    void writesAgainWhatItRead(String name, WeightType type) throws IOException {
        Path written = folder.resolve("again.gguf");
        try (GgufModel model = GgufModel.open(GgufFixtures.path(name + ".gguf"))) {
            GgufVocabulary vocabulary = GgufVocabulary.of(model.tokenizer());
            List<Long> progress = new ArrayList<>();
            new GgufWriter(model, vocabulary, model.generation(), type, "again")
                    .write(written, (bytes, total) -> progress.add(total - bytes));
            assertThat(progress)
                    .isSortedAccordingTo((a, b) -> Long.compare(b, a))
                    .endsWith(0L);
            try (GgufModel again = GgufModel.open(written)) {
                assertThat(again.config()).isEqualTo(model.config());
                assertThat(again.generation()).isEqualTo(model.generation());
                assertThat(again.tokenizer().encodeForModel("the wind"))
                        .isEqualTo(model.tokenizer().encodeForModel("the wind"));
                for (StoredParameter parameter : StoredParameter.of(model.config())) {
                    Weight before = model.weight(parameter.name());
                    Weight after = again.weight(parameter.name());
                    assertThat(after.type()).isEqualTo(before.type());
                    assertThat(after.data().toArray(ValueLayout.JAVA_BYTE))
                            .as(parameter.name())
                            .isEqualTo(before.data().toArray(ValueLayout.JAVA_BYTE));
                }
            }
        }
    }

    /** From a folder, whose heads are in the other order, and back. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama",
                "llama-tied",
                "qwen2",
                "qwen3",
                "gpt2",
                "gemma3",
                "phi3-partial",
                "qwen2-moe",
                "rope-linear"
            })
    void aFolderComesBackAsItWas(String name) throws IOException {
        Path checkpoint = Path.of("src/test/resources/fixtures").resolve(name);
        Path written = folder.resolve("folder.gguf");
        try (WeightSource source = ModelFolder.weights(checkpoint)) {
            GgufVocabulary vocabulary = vocabulary(source.config().vocabSize());
            new GgufWriter(source, vocabulary, GenerationConfig.NONE, WeightType.F32, name)
                    .write(written, (bytes, total) -> {});
            try (GgufModel model = GgufModel.open(written)) {
                assertThat(model.config()).isEqualTo(source.config());
                assertSameWeights(model, source);
            }
        }
    }

    private static void assertSameWeights(WeightSource file, WeightSource folder) {
        for (StoredParameter parameter : StoredParameter.of(folder.config())) {
            RowOrder order = file.interleavedRope() ? RowOrder.of(folder.config(), parameter.name()) : RowOrder.SAME;
            Weight expected = folder.weight(parameter.name());
            Weight found = file.weight(parameter.name());
            float[] expectedRow = new float[expected.columns()];
            float[] row = new float[expected.columns()];
            boolean vector = expected.shape().size() == 1;
            for (long i = 0; i < expected.rows(); i++) {
                RowDecoder.decode(found, i, row);
                RowDecoder.decode(expected, vector ? i : order.halves(i), expectedRow);
                for (int j = 0; j < row.length; j++) {
                    // Gemma's norms are written with one added, which rounds.
                    assertThat(row[j]).isCloseTo(expectedRow[vector ? (int) order.halves(j) : j], within(1e-6f));
                }
            }
        }
    }

    @Test
    void whatLlamaCppCannotDoIsRefused() throws IOException {
        assertThatThrownBy(() -> write("gpt1", WeightType.F32)).hasMessageContaining("of openai-gpt is not supported");
        assertThatThrownBy(() -> write("gpt2-untied", WeightType.F32)).hasMessageContaining("not GELU");
        assertThatThrownBy(() -> write("rope-dynamic", WeightType.F32)).hasMessageContaining("no dynamic NTK");
        assertThatThrownBy(() -> write("rope-yarn-mscale", WeightType.F32)).hasMessageContaining("not truncated");
        assertThatThrownBy(() -> write("mistral-window", WeightType.F32)).hasMessageContaining("no sliding window");
        assertThatThrownBy(() -> write("gemma2", WeightType.F32)).hasMessageContaining("query_pre_attn_scalar 8 only");
        assertThatThrownBy(() -> write("qwen3-moe", WeightType.F32)).hasMessageContaining("experts in every layer");
        assertThatThrownBy(() -> write("llama", WeightType.Q6_K)).hasMessageContaining("of Q6_K is not supported");
    }

    private void write(String name, WeightType type) throws IOException {
        try (WeightSource source =
                ModelFolder.weights(Path.of("src/test/resources/fixtures").resolve(name))) {
            GgufVocabulary vocabulary = vocabulary(source.config().vocabSize());
            new GgufWriter(source, vocabulary, GenerationConfig.NONE, type, name);
        }
    }

    private static GgufVocabulary vocabulary(int size) {
        List<String> tokens = new ArrayList<>(List.of("<unk>"));
        List<Float> scores = new ArrayList<>(List.of(0f));
        for (int id = 1; id < size; id++) {
            tokens.add("t" + id);
            scores.add((float) -id);
        }
        return new GgufVocabulary(
                "test", "llama", "default", tokens, scores, List.of(), List.of(), -1, -1, 0, null, null, null, null);
    }
}
