package dev.mynah.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RanksTest {

    @Test
    void withoutVariablesAProcessIsAlone() {
        try (Ranks ranks = Ranks.connect(Map.of())) {
            assertThat(ranks.size()).isEqualTo(1);
            assertThat(ranks.isFirst()).isTrue();
            assertThat(ranks.sum(3)).isEqualTo(3);
            ranks.barrier();
        }
    }

    @Test
    void variablesThatMakeNoSenseAreNamed() {
        assertThatThrownBy(() -> Ranks.connect(Map.of("WORLD_SIZE", "two")))
                .hasMessage("environment variable WORLD_SIZE must be a number from 1 to 1048576, found \"two\"");
        assertThatThrownBy(() -> Ranks.connect(Map.of("WORLD_SIZE", "2")))
                .hasMessage("environment variable RANK must be a number from 0 to 1, found none");
        assertThatThrownBy(() -> Ranks.connect(Map.of("WORLD_SIZE", "2", "RANK", "2")))
                .hasMessage("environment variable RANK must be a number from 0 to 1, found \"2\"");
        assertThatThrownBy(() -> Ranks.connect(Map.of("WORLD_SIZE", "2", "RANK", "1", "MASTER_PORT", "1")))
                .hasMessage("WORLD_SIZE is 2 but MASTER_ADDR is not set");
        Map<String, String> nowhere =
                Map.of("WORLD_SIZE", "2", "RANK", "1", "MASTER_PORT", "1", "MASTER_ADDR", "no-such-host.invalid");
        assertThatThrownBy(() -> Ranks.connect(nowhere))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "environment variable MASTER_ADDR is \"no-such-host.invalid\", which no address is known for");
    }

    @Test
    void publicDataIsFoundByName() throws Exception {
        Datasets datasets = new Datasets(Path.of("../recipes/datasets.yaml"), null);
        assertThat(datasets.resolve("a.txt")).hasSize(1);
        assertThatThrownBy(() -> datasets.resolve("dataset:wikitext-2")).hasMessageContaining("needs --datasets DIR");
        assertThatThrownBy(() -> datasets.resolve("dataset:nothing")).hasMessageContaining("no data set 'nothing'");
    }
}
