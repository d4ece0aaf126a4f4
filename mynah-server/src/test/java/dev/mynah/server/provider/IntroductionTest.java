package dev.mynah.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntroductionTest {
    @TempDir
    private Path folder;

    @Test
    void thePoetIntroducesItselfInBothLanguages() throws IOException {
        Introduction poet = Introduction.read(Path.of("../models/poet"));
        assertThat(poet.languages()).containsOnlyKeys("en", "zh");
        assertThat(poet.languages().values()).allSatisfy(words -> {
            assertThat(words.description()).isNotBlank();
            assertThat(words.starters()).hasSize(4).doesNotContain("");
        });
    }

    @Test
    void aFolderMaySayNothing() throws IOException {
        assertThat(Introduction.read(folder)).isEqualTo(Introduction.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"en\": {}}",
                "{\"en\": {\"description\": \"d\", \"starters\": null}}",
                "{\"en\": {\"description\": \"d\", \"starters\": [null]}}",
                "{\"en\": null}",
                "{\"en\": {\"description\": \"d\", \"starters\": [], \"more\": 1}}"
            })
    void whatItCannotBeIsRefusedWithItsFile(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("introduction.json"), text);
        assertThatIOException().isThrownBy(() -> Introduction.read(folder)).withMessageContaining(file.toString());
    }
}
