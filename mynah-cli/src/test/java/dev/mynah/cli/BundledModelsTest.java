package dev.mynah.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundledModelsTest {
    private static final BundledModels BUNDLED = new BundledModels(Path.of("..", "models"));

    @Test
    void theDefaultIsAsItWasBundled() throws IOException {
        assertThat(BUNDLED.find(BundledModels.DEFAULT)).isDirectoryContaining("glob:**config.json");
        assertThat(BUNDLED.find("nobody")).isNull();
    }

    @Test
    void theDefaultAnswers() throws IOException {
        Cli run = Cli.run(
                "chat",
                "-m",
                BUNDLED.root().resolve(BundledModels.DEFAULT),
                "-p",
                "写一首关于雪的五言绝句",
                "--seed",
                1,
                "--json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.json()
                        .get("content")
                        .asString()
                        .codePoints()
                        .filter(Character::isIdeographic)
                        .count())
                .isBetween(16L, 24L);
        assertThat(run.json().get("finish_reason").asString()).isEqualTo("stop");
    }

    @Test
    void anotherFileIsNoticed(@TempDir Path root) throws IOException {
        Files.createDirectory(root.resolve("m"));
        Files.writeString(root.resolve("registry.json"), "{\"m\": {\"config.json\": \"00\"}}");
        assertThatThrownBy(() -> new BundledModels(root).find("m"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("config.json is not the file that was bundled");
        Files.writeString(root.resolve("m").resolve("config.json"), "{}");
        assertThatThrownBy(() -> new BundledModels(root).find("m")).hasMessageContaining("sha256");
        Files.writeString(root.resolve("registry.json"), "{]");
        assertThatThrownBy(() -> new BundledModels(root).find("m")).hasMessageContaining("not valid JSON: line 1");
    }
}
