package dev.mynah.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ScoreCommandTest {
    @Test
    void jsonHoldsTheReferenceLikelihood(@TempDir Path folder) throws IOException {
        JsonNode reference = JsonMapper.shared()
                .readTree(Cli.LLAMA.resolve("reference.json"))
                .at("/score/2");
        Path file = Files.writeString(
                folder.resolve("poem.txt"), reference.get("text").asString());

        Cli run = Cli.run("score", "-m", Cli.LLAMA, "--file", file, "--json");

        assertThat(run.exitCode()).isZero();
        JsonNode json = run.json();
        assertThat(json.propertyNames())
                .containsExactly("log_likelihood", "tokens", "bytes", "bits_per_byte", "perplexity");
        double expected = reference.get("log_likelihood").asDouble();
        assertThat(json.get("log_likelihood").asDouble()).isCloseTo(expected, within(1e-4));
        assertThat(json.get("bytes")).isEqualTo(reference.get("bytes"));
        assertThat(json.get("bits_per_byte").asDouble())
                .isCloseTo(-expected / Math.log(2) / reference.get("bytes").asInt(), within(1e-5));
    }

    @Test
    void withoutJsonItIsATable(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "the bird");

        assertThat(Cli.run("score", "-m", Cli.LLAMA, "--file", file).out().lines())
                .hasSize(5)
                .anyMatch(line -> line.equals("bytes           8"));
    }

    @Test
    void filesThatCannotBeScoredAreRefused(@TempDir Path folder) {
        Cli missing = Cli.run("score", "-m", Cli.LLAMA, "--file", folder.resolve("none.txt"), "--json");
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).contains("none.txt: there is no such file");

        Cli directory = Cli.run("score", "-m", Cli.LLAMA, "--file", folder, "--json");
        assertThat(directory.exitCode()).isEqualTo(2);
        assertThat(directory.err()).contains("is a folder, not a text file");
    }
}
