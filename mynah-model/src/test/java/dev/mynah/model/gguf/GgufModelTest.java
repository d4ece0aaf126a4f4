package dev.mynah.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.model.RopeScaling;
import dev.mynah.model.Transformer;
import dev.mynah.model.weights.Weights;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Models against llama.cpp, on the same file and on the same weights decoded to F32; see src/test/fixtures/README.md. */
class GgufModelTest {
    static Stream<String> models() {
        return GgufFixtures.llamaCpp().path("models").propertyNames().stream();
    }

    @ParameterizedTest
    @MethodSource("models")
    void givesTheDistributionOfLlamaCpp(String name) throws IOException {
        JsonNode reference = GgufFixtures.llamaCpp();
        JsonNode expected = reference.path("models").path(name);
        int[] prompt = GgufFixtures.ints(reference.path("prompt"));
        double[][] logProbs = logProbs(GgufFixtures.path(name), prompt);
        for (int place = 0; place < 2; place++) {
            double[] ours = logProbs[place * 12 + 11];
            double[] exact = GgufFixtures.doubles(expected.path("exact").get(place));
            // llama.cpp keeps keys and values in half precision.
            assertThat(greatestDifference(exact, ours)).isLessThan(0.02);
            assertThat(divergence(exact, ours)).isLessThan(2e-5);
            // llama.cpp rounds activations to eight bits where weights are quantised.
            double[] stored = GgufFixtures.doubles(expected.path("stored").get(place));
            assertThat(divergence(stored, ours)).isLessThan(0.01);
        }
    }

    /** A factor without a type is linear, and the special tokens of a SentencePiece vocabulary are those of Llama. */
    @Test
    void whatAFileDoesNotSayIsAsInLlamaCpp(@TempDir Path folder) throws IOException {
        byte[] file = Files.readAllBytes(GgufFixtures.path("llama-linear.gguf"));
        for (String key :
                List.of("llama.rope.scaling.type", "tokenizer.ggml.bos_token_id", "tokenizer.ggml.eos_token_id")) {
            int at = new String(file, StandardCharsets.ISO_8859_1).indexOf(key);
            assertThat(at).as(key).isPositive();
            file[at + key.length() - 1] = '?';
        }
        Path silent = Files.write(folder.resolve("silent.gguf"), file);
        try (GgufModel named = GgufModel.open(GgufFixtures.path("llama-linear.gguf"));
                GgufModel model = GgufModel.open(silent)) {
            assertThat(model.config()).isEqualTo(named.config());
            assertThat(model.config().rope().scaling()).isInstanceOf(RopeScaling.Linear.class);
            assertThat(model.tokenizer().encodeForModel("a")).startsWith(1);
            assertThat(model.generation().bosId()).isEqualTo(1);
            assertThat(model.generation().eosIds()).containsExactly(2);
        }
    }

    /** The same tensors are a Llama to llama.cpp too, which takes each bias as it comes, and turns neighbours. */
    @Test
    void aLlamaMayHaveBiasesForQueriesKeysAndValuesAlone(@TempDir Path folder) throws IOException {
        String file = new String(Files.readAllBytes(GgufFixtures.path("qwen2-q8_0.gguf")), StandardCharsets.ISO_8859_1);
        String renamed = file.replace("qwen2.", "llama.").replaceFirst("(general\\.architecture.{12})qwen2", "$1llama");
        Path llama = Files.write(folder.resolve("llama.gguf"), renamed.getBytes(StandardCharsets.ISO_8859_1));
        try (GgufModel qwen = GgufModel.open(GgufFixtures.path("qwen2-q8_0.gguf"));
                GgufModel model = GgufModel.open(llama)) {
            assertThat(model.config()).isEqualTo(qwen.config());
            assertThat(model.interleavedRope()).isTrue();
        }
    }

    /** Log-probabilities {@code [time][vocabSize]}. */
    static double[][] logProbs(Path file, int[] prompt) throws IOException {
        try (Scope scope = Scope.open();
                Autograd.Mode mode = Autograd.noGrad();
                GgufModel gguf = GgufModel.open(file)) {
            Transformer model = Weights.load(gguf, Device.CPU, DType.F32);
            Tensor ids = Tensor.of(prompt, 1, prompt.length);
            float[] logits = model.logits(model.hidden(ids, DType.F32)).toFloats();
            int vocabSize = model.config().vocabSize();
            double[][] logProbs = new double[prompt.length][];
            for (int place = 0; place < prompt.length; place++) {
                logProbs[place] = logSoftmax(logits, place * vocabSize, vocabSize);
            }
            return logProbs;
        }
    }

    private static double[] logSoftmax(float[] logits, int from, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.exp(logits[from + i]);
        }
        double[] logProbs = new double[count];
        for (int i = 0; i < count; i++) {
            logProbs[i] = logits[from + i] - Math.log(sum);
        }
        return logProbs;
    }

    private static double greatestDifference(double[] expected, double[] found) {
        double greatest = 0;
        for (int i = 0; i < expected.length; i++) {
            greatest = Math.max(greatest, Math.abs(expected[i] - found[i]));
        }
        return greatest;
    }

    private static double divergence(double[] expected, double[] found) {
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
            sum += Math.exp(expected[i]) * (expected[i] - found[i]);
        }
        return sum;
    }
}
