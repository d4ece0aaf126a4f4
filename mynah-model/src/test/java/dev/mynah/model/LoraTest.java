package dev.mynah.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Nn;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters against PEFT, on the same weights. */
class LoraTest {
    private static final double TOLERANCE = 1e-4;

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

    private static Lora adapter(String name) throws IOException {
        return LoraFolder.load(
                Fixture.folder(name).resolveSibling(name + "-lora"),
                Fixture.named(name).model().config(),
                Device.CPU);
    }

    private static SafetensorsFile reference(String name) throws IOException {
        return SafetensorsFile.open(
                Fixture.folder(name).resolveSibling(name + "-lora").resolve("reference.safetensors"));
    }

    private static Tensor logits(Transformer model, Fixture fixture) {
        try (Autograd.Mode mode = Autograd.noGrad()) {
            return model.logits(model.hidden(fixture.ids(), DType.F32));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gpt2"})
    void logitsAndGradientsAreThoseOfPeft(String name) throws IOException {
        Fixture fixture = Fixture.named(name);
        Lora lora = adapter(name);
        Transformer model = fixture.model().with(lora);
        lora.parameters().values().forEach(parameter -> parameter.requiresGrad(true));
        SafetensorsFile reference = reference(name);
        assertThat(Fixture.greatestDifference(logits(model, fixture), reference.tensor("logits")))
                .isLessThan(TOLERANCE);

        long time = fixture.ids().size(1);
        Tensor logits = model.logits(model.hidden(fixture.ids(), DType.F32)).narrow(1, 0, time - 1);
        Tensor targets = fixture.ids().narrow(1, 1, time - 1).reshape(-1);
        Nn.crossEntropySum(logits.reshape(-1, logits.size(2)), targets)
                .div((double) targets.elements())
                .backward();
        lora.parameters().forEach((parameter, tensor) -> {
            Tensor expected = reference.tensor("gradient." + parameter);
            assertThat(Fixture.greatestDifference(tensor.requireGrad(), expected))
                    .as(parameter)
                    .isLessThan(TOLERANCE);
            assertThat(expected.abs().max().item()).isGreaterThan(10 * TOLERANCE);
        });
        assertThat(model.parameters().values()).allMatch(parameter -> parameter.grad() == null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gpt2"})
    void mergingIsTheAdapterAndUnmergingTheBase(String name) throws IOException {
        Fixture fixture = Fixture.named(name);
        Transformer base = fixture.model();
        Lora lora = adapter(name);
        lora.mergeInto(base);
        assertThat(Fixture.greatestDifference(
                        logits(base, fixture), reference(name).tensor("logits")))
                .isLessThan(TOLERANCE);
        lora.unmergeFrom(base);
        assertThat(Fixture.greatestDifference(logits(base, fixture), fixture.logits()))
                .isLessThan(TOLERANCE);
    }

    @Test
    void aFreshAdapterChangesNothingAndDropsOnlyWhenTold() {
        Fixture fixture = Fixture.named("qwen2");
        Transformer base = fixture.model();
        Lora lora = Lora.create(
                base.config(), new LoraConfig(4, 8, 0.5, List.of("q_proj", "up_proj")), Device.CPU, new Generator(3));
        assertThat(lora.parameters()).hasSize(2 * 2 * 2);
        Transformer model = base.with(lora);
        Tensor plain = logits(base, fixture);
        assertThat(Fixture.greatestDifference(logits(model, fixture), plain)).isZero();
        lora.parameters().values().forEach(parameter -> parameter.add_(Tensor.full(0.1, DType.F32, Device.CPU, 1)));
        Tensor adapted = logits(model, fixture);
        lora.dropBy(new Generator(5));
        Tensor dropped = logits(model, fixture);
        assertThat(Fixture.greatestDifference(dropped, adapted)).isGreaterThan(0.01);
        lora.dropBy(new Generator(5));
        assertThat(Fixture.greatestDifference(logits(model, fixture), dropped)).isZero();
        lora.dropBy(null);
        assertThat(Fixture.greatestDifference(logits(model, fixture), adapted)).isZero();
    }

    @Test
    void savedAdaptersAreReadBack() throws IOException {
        Fixture fixture = Fixture.named("gpt2");
        Lora lora = adapter("gpt2");
        LoraFolder.save(folder, lora, fixture.model(), "gpt2", false);
        Lora read = LoraFolder.load(folder, fixture.model().config(), Device.CPU);
        assertThat(read.config()).isEqualTo(lora.config());
        lora.parameters()
                .forEach((name, tensor) -> assertThat(
                                Transformer.require(read.parameters(), name).toFloats())
                        .isEqualTo(tensor.toFloats()));
        assertThat(Files.readString(folder.resolve("adapter_config.json"))).contains("\"fan_in_fan_out\" : true");
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        ModelConfig llama = Fixture.named("llama").model().config();
        Path adapter = Fixture.folder("llama").resolveSibling("llama-lora");
        assertThatThrownBy(() -> LoraFolder.load(
                        adapter, llama.toBuilder().width(64).headDim(8).build(), Device.CPU))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of a model of another shape: base_model.model.model.layers.0.self_attn.q_proj");
        assertThatThrownBy(() ->
                        LoraFolder.load(adapter, llama.toBuilder().layers(1).build(), Device.CPU))
                .hasMessageContaining("which the model does not");
        assertThatThrownBy(() ->
                        LoraFolder.load(adapter, Fixture.named("gpt2").model().config(), Device.CPU))
                .hasMessageContaining("the model has no linear layer")
                .hasMessageContaining("it has c_attn, c_proj, c_fc");
        Files.copy(adapter.resolve("adapter_model.safetensors"), folder.resolve("adapter_model.safetensors"));
        Files.writeString(
                folder.resolve("adapter_config.json"),
                Files.readString(adapter.resolve("adapter_config.json"))
                        .replace("\"use_dora\": false", "\"use_dora\": true"));
        assertThatThrownBy(() -> LoraFolder.load(folder, llama, Device.CPU))
                .hasMessageContaining("use_dora true is not supported");
        Transformer mapped = ModelFolder.map(Fixture.folder("llama"));
        Lora lora = adapter("llama");
        assertThatThrownBy(() -> lora.mergeInto(mapped)).hasMessageContaining("mapped file");
    }
}
