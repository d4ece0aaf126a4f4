package dev.mynah.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The encoder against Hugging Face transformers, on the same weights. */
class EncoderTest {
    private static final int[] LENGTHS = {16, 9};

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
    @ValueSource(strings = {"bert", "roberta"})
    void givesTheReferenceHiddenStates(String name) throws IOException {
        Fixture fixture = Fixture.named(name);
        Encoder encoder = Encoder.load(fixture.folder(), Device.CPU, null);
        Tensor hidden = encoder.hidden(fixture.ids(), LENGTHS, DType.F32);
        Tensor expected = fixture.reference().tensor("hidden");
        for (int row = 0; row < LENGTHS.length; row++) {
            Tensor own = hidden.narrow(0, row, 1).narrow(1, 0, LENGTHS[row]);
            assertThat(Fixture.greatestDifference(
                            own, expected.narrow(0, row, 1).narrow(1, 0, LENGTHS[row])))
                    .isLessThan(1e-5);
        }
    }

    @Test
    void aTextIsReadAloneAsAmongOthers() throws IOException {
        Fixture fixture = Fixture.named("bert");
        Encoder encoder = Encoder.load(fixture.folder(), Device.CPU, DType.F32);
        Tensor alone = encoder.hidden(fixture.ids().narrow(0, 1, 1).narrow(1, 0, 9), new int[] {9}, DType.F32);
        Tensor among = encoder.hidden(fixture.ids(), LENGTHS, DType.F32);
        assertThat(Fixture.greatestDifference(alone, among.narrow(0, 1, 1).narrow(1, 0, 9)))
                .isLessThan(1e-5);
    }

    /** As in bert-base-uncased: a head's name first, and norms with Greek letters. */
    @Test
    void originalNamesLoad() throws IOException {
        Fixture fixture = Fixture.named("bert");
        SafetensorsFile file = SafetensorsFile.open(fixture.folder().resolve("model.safetensors"));
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : file.names()) {
            String stored =
                    name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
            tensors.put("bert." + stored, file.tensor(name));
        }
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
        Files.copy(fixture.folder().resolve("config.json"), folder.resolve("config.json"));
        Tensor hidden = Encoder.load(folder, Device.CPU, null).hidden(fixture.ids(), LENGTHS, DType.F32);
        Tensor expected = Encoder.load(fixture.folder(), Device.CPU, null).hidden(fixture.ids(), LENGTHS, DType.F32);
        assertThat(Fixture.greatestDifference(hidden, expected)).isZero();

        tensors.remove("bert.encoder.layer.1.output.LayerNorm.gamma");
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
        assertThatThrownBy(() -> Encoder.load(folder, Device.CPU, null))
                .hasMessage(folder
                        + ": the checkpoint lacks encoder.layer.1.output.LayerNorm.weight, which config.json asks for");
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        Encoder encoder = Encoder.load(Fixture.folder("roberta"), Device.CPU, null);
        assertThat(encoder.config().context()).isEqualTo(18);
        Tensor ids = Tensor.zeros(DType.I64, Device.CPU, 1, 19);
        assertThatThrownBy(() -> encoder.hidden(ids, new int[] {19}, DType.F32))
                .hasMessage("the model reads 1..18 tokens, not 19");
        assertThatThrownBy(() -> encoder.hidden(ids.narrow(1, 0, 4), new int[] {5}, DType.F32))
                .hasMessage("a row of 4 ids has 1..4 of its own, not 5");
        assertThatThrownBy(() -> encoder.hidden(ids.narrow(1, 0, 4), new int[] {4, 4}, DType.F32))
                .hasMessage("1 rows have 2 lengths");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "model_type": "electra"                              | model_type "electra" is not supported; supported encoders are bert, roberta
        "position_embedding_type": "relative_key"            | position_embedding_type "relative_key" is not supported; the only supported value is absolute
        "hidden_act": "relu"                                 | hidden_act "relu" is not supported; supported are gelu, gelu_new, gelu_pytorch_tanh
        "is_decoder": true                                   | is_decoder true is not supported
        "num_attention_heads": 3                             | hidden_size must be a multiple of num_attention_heads, but 16 is not a multiple of 3
        "max_position_embeddings": 0                         | max_position_embeddings must lie in 1..67108864, not 0
        """)
    void whatIsNotComputedIsRefusedByName(String changed, String message) {
        String name = changed.substring(0, changed.indexOf(':'));
        String json = """
            {"model_type": "bert", "vocab_size": 8, "max_position_embeddings": 8, "num_hidden_layers": 1, "hidden_size": 16,
             "num_attention_heads": 2, "intermediate_size": 8, "hidden_act": "gelu", "is_decoder": false,
             "position_embedding_type": "absolute"}""".replaceFirst(name + ": [^,}]+", changed.strip());
        JsonFields fields = JsonFields.parse("config.json", json.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> EncoderConfig.of(fields))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("config.json: " + message);
    }
}
