package dev.mynah.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.model.weights.WeightSource;
import dev.mynah.model.weights.Weights;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFolderTest {
    private static final GenerationConfig GENERATION = new GenerationConfig(0, List.of(1));

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

    @ParameterizedTest
    @MethodSource("dev.mynah.model.Fixture#names")
    void whatIsSavedLoadsAsTheSameModel(String name) throws IOException {
        Transformer model = Fixture.named(name).model();
        ModelFolder.save(folder.resolve("new/model"), model, GENERATION);

        Transformer loaded = ModelFolder.load(folder.resolve("new/model"), Device.CPU, null);
        assertThat(loaded.config()).isEqualTo(model.config());
        assertSameParameters(loaded, model);
        assertThat(ModelFolder.generation(folder.resolve("new/model"))).isEqualTo(GENERATION);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "generation_config.json | \"bos_token_id\": 999    | bos_token_id 999",
                "generation_config.json | \"eos_token_id\": [1, 96] | eos_token_id [1,96]",
                "config.json            | \"eos_token_id\": -2      | eos_token_id -2",
            })
    void idsOutsideTheVocabularyAreRefused(String name, String field, String found) throws IOException {
        Transformer model = Fixture.named("llama").model();
        ModelFolder.save(folder, model, GENERATION);
        Files.delete(folder.resolve("generation_config.json"));
        Path file = folder.resolve(name);
        String rest = Files.exists(file) ? Files.readString(file).replaceFirst("\\{", ",") : "}";
        Files.writeString(file, "{" + field + rest.replaceAll(",\\s*\"(bos|eos)_token_id\" : \\d+", ""));

        assertThatThrownBy(() -> ModelFolder.generation(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ": " + found + " is outside the vocabulary of "
                        + model.config().vocabSize() + " tokens");
    }

    @Test
    void aMappedModelComputesTheSame() throws IOException {
        Fixture fixture = Fixture.named("llama");
        Transformer mapped = ModelFolder.map(fixture.folder());
        try (Autograd.Mode mode = Autograd.noGrad()) {
            Tensor logits = mapped.logits(mapped.hidden(fixture.ids(), DType.F32));
            assertThat(Fixture.greatestDifference(logits, fixture.logits())).isLessThan(1e-4);
        }
        assertThatThrownBy(() -> mapped.init(new Generator(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the parameters lie in a mapped file and cannot be written");
    }

    @Test
    void aLoadedModelCanBeWrittenWithoutChangingTheFile() throws IOException {
        Fixture fixture = Fixture.named("gpt2");
        ModelFolder.save(folder, fixture.model(), GENERATION);
        Transformer loaded = ModelFolder.load(folder, Device.CPU, DType.F32);
        loaded.parameters().values().forEach(Tensor::zero_);
        assertSameParameters(ModelFolder.load(folder, Device.CPU, DType.F32), fixture.model());
    }

    @Test
    void parametersAreCastOnLoading() throws IOException {
        Transformer model = ModelFolder.load(Fixture.folder("qwen2"), Device.CPU, DType.BF16);
        assertThat(model.parameters().values()).allMatch(parameter -> parameter.dtype() == DType.BF16);
        ModelFolder.save(folder, model, GENERATION);
        assertThat(folder.resolve("config.json")).content().contains("\"torch_dtype\" : \"bfloat16\"");
        assertSameParameters(ModelFolder.load(folder, Device.CPU, null), model);
    }

    @Test
    void largeModelsAreCutIntoSeveralFiles() throws IOException {
        Transformer model = Fixture.named("llama").model();
        ModelFolder.save(folder, model, GENERATION);
        ModelFolder.save(folder, model, GENERATION, 40_000);
        assertThat(names()).contains("model.safetensors.index.json", "model-00001-of-00004.safetensors");
        assertThat(names()).doesNotContain("model.safetensors");
        assertSameParameters(ModelFolder.load(folder, Device.CPU, null), model);
        assertSameParameters(ModelFolder.map(folder), model);

        ModelFolder.save(folder, model, GENERATION);
        assertThat(names()).containsExactlyInAnyOrder("config.json", "generation_config.json", "model.safetensors");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    /** The original GPT-2 on the hub: names without the first part, and the causal mask among the tensors. */
    @Test
    void checkpointsOfTheBareNetworkLoad() throws IOException {
        Transformer model = Fixture.named("gpt2").model();
        rewrite("gpt2", tensors -> {
            Map<String, Tensor> all = Map.copyOf(tensors);
            tensors.clear();
            all.forEach((name, tensor) -> tensors.put(name.replace("transformer.", ""), tensor));
            tensors.put("h.0.attn.bias", Tensor.zeros(DType.F32, Device.CPU, 1, 1, 32, 32));
        });
        assertSameParameters(ModelFolder.load(folder, Device.CPU, null), model);
    }

    /** Gemma 3 from 4B on. */
    @ParameterizedTest
    @ValueSource(strings = {"language_model.model.", "model.language_model."})
    void theTextPartOfAModelThatReadsImagesLoads(String prefix) throws IOException {
        Transformer model = Fixture.named("gemma3").model();
        rewrite("gemma3", tensors -> {
            Map<String, Tensor> all = Map.copyOf(tensors);
            tensors.clear();
            all.forEach((name, tensor) -> tensors.put(name.replace("model.", prefix), tensor));
            tensors.put("vision_tower.patch.weight", Tensor.zeros(DType.F32, Device.CPU, 4));
        });
        Path config = folder.resolve("config.json");
        Files.writeString(config, "{\"model_type\": \"gemma3\", \"text_config\": " + Files.readString(config) + "}");
        Transformer loaded = ModelFolder.load(folder, Device.CPU, null);
        assertThat(loaded.config()).isEqualTo(model.config());
        assertSameParameters(loaded, model);
    }

    @Test
    void theCopyOfATiedEmbeddingIsLeftOut() throws IOException {
        rewrite("qwen2", tensors -> tensors.put("lm_head.weight", Tensor.zeros(DType.F32, Device.CPU, 96, 32)));
        assertSameParameters(
                ModelFolder.load(folder, Device.CPU, null),
                Fixture.named("qwen2").model());
    }

    @Test
    void whatDoesNotFitTheConfigurationIsNamed() throws IOException {
        rewrite("llama", tensors -> tensors.remove("model.norm.weight"));
        assertRefused(folder + ": the checkpoint lacks model.norm.weight[32], which config.json asks for");
        rewrite("llama", tensors -> {
            tensors.remove("lm_head.weight");
            tensors.remove("model.layers.1.self_attn.k_proj.weight");
        });
        assertRefused(
                folder
                        + ": the checkpoint lacks model.layers.1.self_attn.k_proj.weight[16, 32] and 1 more tensors, which config.json asks for");
        rewrite("llama", tensors -> tensors.put("extra", Tensor.zeros(DType.F32, Device.CPU, 1)));
        assertRefused(folder.resolve("model.safetensors") + " has extra, which config.json does not ask for");
        rewrite("llama", tensors -> tensors.put("model.norm.weight", Tensor.zeros(DType.F32, Device.CPU, 33)));
        assertRefused(folder.resolve("model.safetensors")
                + ": tensor model.norm.weight has the shape [33], but config.json asks for [32]");
        rewrite("llama", tensors -> tensors.put("model.norm.weight", Tensor.zeros(DType.I32, Device.CPU, 32)));
        assertRefused(folder.resolve("model.safetensors")
                + ": tensor model.norm.weight has the dtype I32, but a parameter is one of F32, BF16, F16, F64");
    }

    @Test
    void foldersThatHoldNoModelAreNamed() throws IOException {
        assertThatThrownBy(() -> ModelFolder.config(folder.resolve("none")))
                .hasMessage("there is no folder " + folder.resolve("none"));
        assertRefused(folder + " holds no config.json");
        Files.copy(Fixture.folder("llama").resolve("config.json"), folder.resolve("config.json"));
        assertRefused(folder + " holds neither model.safetensors nor model.safetensors.index.json");
    }

    @Test
    void anIndexIsNotTrusted() throws IOException {
        Path index = folder.resolve("model.safetensors.index.json");
        Files.copy(Fixture.folder("llama").resolve("config.json"), folder.resolve("config.json"));
        Files.copy(Fixture.folder("llama").resolve("model.safetensors"), folder.resolve("a.safetensors"));
        Files.writeString(index, "{}");
        assertRefused(index + " lacks weight_map");
        Files.writeString(index, "{\"weight_map\": {\"x\": \"../a.safetensors\"}}");
        assertRefused(index
                + ": weight_map: x \"../a.safetensors\" must be the name of a .safetensors file in the same folder");
        Files.writeString(index, "{\"weight_map\": {\"x\": \"a.safetensors\"}}");
        assertRefused(index + " says that x is in a.safetensors, which does not have it");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> ModelFolder.load(folder, Device.CPU, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private void rewrite(String fixture, Consumer<SequencedMap<String, Tensor>> change) throws IOException {
        Transformer model = Fixture.named(fixture).model();
        ModelFolder.save(folder, model, GENERATION);
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>(model.parameters());
        change.accept(tensors);
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
    }

    private static void assertSameParameters(Transformer actual, Transformer expected) {
        assertThat(actual.parameters().sequencedKeySet())
                .containsExactlyElementsOf(expected.parameters().sequencedKeySet());
        actual.parameters().forEach((name, parameter) -> {
            Tensor other = Transformer.require(expected.parameters(), name);
            assertThat(parameter.dtype()).isEqualTo(other.dtype());
            assertThat(parameter.toFloats()).as(name).isEqualTo(other.toFloats());
        });
    }

    @ParameterizedTest
    @MethodSource("dev.mynah.model.Fixture#names")
    void weightsOfAFolderMakeTheSameModel(String name) throws IOException {
        Fixture fixture = Fixture.named(name);
        try (WeightSource source = ModelFolder.weights(fixture.folder())) {
            Transformer model = Weights.load(source, Device.CPU, DType.F32);
            assertSameParameters(model, fixture.model());
            assertThatThrownBy(() -> source.weight("nothing")).hasMessageContaining("no weight nothing");
        }
    }
}
