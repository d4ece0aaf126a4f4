package dev.mynah.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalarModelTest {

    @TempDir
    private Path folder;

    private static float[] rewards(ScalarModel model, Tensor ids) {
        try (Autograd.Mode mode = Autograd.noGrad()) {
            Tensor values = model.values(model.backbone().hidden(ids, DType.F32));
            return values.narrow(1, ids.size(1) - 1, 1).toFloats();
        }
    }

    @Test
    void rewardsAreThoseOfTransformers() throws IOException {
        try (Scope scope = Scope.open()) {
            Path reward = Fixture.folder("llama").resolveSibling("llama-reward");
            ScalarModel model = ScalarModel.load(reward, Device.CPU, null);
            float[] expected = SafetensorsFile.open(reward.resolve("reference.safetensors"))
                    .tensor("rewards")
                    .toFloats();
            assertThat(rewards(model, Fixture.named("llama").ids())).containsExactly(expected, within(1e-5F));
        }
    }

    @Test
    void aSavedModelIsReadBackWithItsOffset() throws IOException {
        try (Scope scope = Scope.open()) {
            for (String name : new String[] {"llama", "gpt2"}) {
                Fixture fixture = Fixture.named(name);
                ScalarModel model =
                        ScalarModel.on(fixture.model(), new Generator(1)).withOffset(0.75);
                Path saved = folder.resolve(name);
                model.save(saved, new GenerationConfig(0, java.util.List.of(1)), 1);
                ScalarModel read = ScalarModel.load(saved, Device.CPU, null);
                assertThat(read.offset()).isEqualTo(0.75);
                assertThat(rewards(read, fixture.ids())).isEqualTo(rewards(model, fixture.ids()));
                assertThat(rewards(read.withOffset(0), fixture.ids())[0])
                        .isCloseTo(rewards(model, fixture.ids())[0] + 0.75F, within(1e-5F));
            }
            assertThat(Files.readString(folder.resolve("llama/config.json")))
                    .contains("LlamaForSequenceClassification", "\"pad_token_id\" : 1", "\"0\" : \"reward\"");
        }
    }

    @Test
    void aLanguageModelIsNoRewardModel() {
        try (Scope scope = Scope.open()) {
            assertThatThrownBy(() -> ScalarModel.load(Fixture.folder("llama-tied"), Device.CPU, null))
                    .hasMessageContaining("is no model that gives one number: score.weight is missing");
        }
    }
}
