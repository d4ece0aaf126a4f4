package dev.mynah.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.tensor.Device;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Embeddings against Hugging Face transformers. */
class EmbedderTest {

    @ParameterizedTest
    @ValueSource(strings = {"bert", "llama"})
    void givesTheReferencesVectors(String name) throws IOException {
        try (Embedder embedder = Embedder.open(Fixtures.path(name), Device.CPU)) {
            for (JsonNode expected : Fixtures.json(name + "/embeddings.json")) {
                int[] ids = embedder.tokens(expected.get("text").stringValue());

                assertThat(ids).isEqualTo(Fixtures.ints(expected.get("ids")));
                float[] vector = embedder.embed(ids);
                float[] reference = Fixtures.floats(expected.get("embedding"));
                assertThat(vector).hasSize(embedder.width()).hasSameSizeAs(reference);
                for (int i = 0; i < vector.length; i++) {
                    assertThat(vector[i]).isCloseTo(reference[i], within(1e-5f));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "llama"})
    void refusesWhatTheModelCannotRead(String name) throws IOException {
        try (Embedder embedder = Embedder.open(Fixtures.path(name), Device.CPU)) {
            assertThatThrownBy(() -> embedder.embed(new int[embedder.context() + 1]))
                    .isInstanceOf(PromptTooLongException.class);
            assertThatThrownBy(() -> embedder.embed(new int[0])).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> embedder.embed(new int[] {100_000})).hasMessageContaining("100000");
        }
    }
}
