package dev.mynah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ConvertCommandTest {
    @TempDir
    private Path folder;

    @Test
    void aModelGoesToGgufAndBackAndAnswersTheSame() {
        Path gguf = folder.resolve("model.gguf");
        Path back = folder.resolve("back");
        assertThat(Cli.run("convert", Cli.LLAMA, gguf, "--json"))
                .satisfies(run -> assertThat(run.json())
                        .hasToString("{\"source\":\"" + Cli.LLAMA + "\",\"path\":\"" + gguf
                                + "\",\"format\":\"gguf\",\"quant\":\"f32\"}"))
                .satisfies(run -> assertThat(run.err()).contains("100 % of").contains("Wrote " + gguf))
                .satisfies(run -> assertThat(run.exitCode()).isZero());
        assertThat(Cli.run("convert", gguf, back).exitCode()).isZero();
        JsonNode tokens = generate(Cli.LLAMA);
        assertThat(generate(gguf)).isEqualTo(tokens);
        assertThat(generate(back)).isEqualTo(tokens);
    }

    private static JsonNode generate(Path model) {
        Cli run = Cli.run("generate", "-m", model, "-p", "the bird", "--max-tokens", 12, "--temperature", 0, "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.json().get("tokens");
    }

    @Test
    void quantisedFilesAreSmaller() throws IOException {
        Path q8 = folder.resolve("q8.gguf");
        Path q4 = folder.resolve("q4.gguf");
        assertThat(Cli.run("convert", Cli.LLAMA, q8, "--quant", "q8_0").exitCode())
                .isZero();
        assertThat(Cli.run("convert", Cli.LLAMA, q4, "--quant", "Q4_0").exitCode())
                .isZero();
        assertThat(Files.size(q4)).isLessThan(Files.size(q8));
        assertThat(generate(q8).size()).isPositive();
    }

    @Test
    void whatCannotBeIsRefused() throws IOException {
        Cli quantised = Cli.run("convert", Cli.LLAMA, folder.resolve("out"), "--quant", "q8_0");
        assertThat(quantised.exitCode()).isEqualTo(2);
        assertThat(quantised.err()).contains("safetensors holds f32 and bf16, not q8_0");
        assertThat(Cli.run("convert", "nobody", folder.resolve("out")).err()).contains("there is no model \"nobody\"");
        Path damaged = Files.writeString(folder.resolve("damaged.gguf"), "GGUF");
        Cli refused = Cli.run("convert", damaged, folder.resolve("out"));
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .contains("damaged.gguf: the file ends within the version")
                .hasLineCount(1);
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
