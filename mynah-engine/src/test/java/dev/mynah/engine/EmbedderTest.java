package dev.mynah.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.tensor.Device;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
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
                float[] vector = embedder.embed(ids, () -> false);
                float[] reference = Fixtures.floats(expected.get("embedding"));
                assertThat(vector).hasSize(embedder.width()).hasSameSizeAs(reference);
                for (int i = 0; i < vector.length; i++) {
                    assertThat(vector[i]).isCloseTo(reference[i], within(1e-5f));
                }
            }
        }
    }

    /** Before it is begun, and after a piece of it; who asks next is served. */
    @Test
    void endsWhatNobodyWantsAnyMore() throws IOException {
        try (Embedder embedder = Embedder.open(Fixtures.path("llama"), Device.CPU)) {
            int[] ids = embedder.tokens("hello");
            float[] vector = embedder.embed(ids, () -> false);
            for (int asked = 0; asked < 2; asked++) {
                AtomicInteger left = new AtomicInteger(asked);
                assertThatThrownBy(() -> embedder.embed(ids, () -> left.getAndDecrement() == 0))
                        .isInstanceOf(CancellationException.class);
            }
            assertThat(embedder.embed(ids, () -> false)).isEqualTo(vector);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "llama"})
    void refusesWhatTheModelCannotRead(String name) throws IOException {
        try (Embedder embedder = Embedder.open(Fixtures.path(name), Device.CPU)) {
            assertThatThrownBy(() -> embedder.embed(new int[embedder.context() + 1], () -> false))
                    .isInstanceOf(PromptTooLongException.class);
            assertThatThrownBy(() -> embedder.embed(new int[0], () -> false))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> embedder.embed(new int[] {100_000}, () -> false))
                    .hasMessageContaining("100000");
        }
    }
}
