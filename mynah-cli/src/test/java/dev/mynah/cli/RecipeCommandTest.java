package dev.mynah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Recipes as they are started from anywhere: Mynah's own folder is another than the working directory. */
class RecipeCommandTest {
    private static final String HOME = "mynah.home";

    @TempDir
    private Path home;

    @BeforeEach
    void moveHome() throws IOException {
        Files.createSymbolicLink(
                home.resolve("recipes"),
                Path.of("..", "recipes").toAbsolutePath().normalize());
        System.setProperty(HOME, home.toString());
    }

    @AfterEach
    void moveBack() throws IOException {
        Files.delete(home.resolve("recipes"));
        System.clearProperty(HOME);
    }

    @Test
    void theModelLiesWhereItsNameFindsIt() throws IOException {
        Cli run = Cli.run(
                "recipe",
                "first-words",
                "--json",
                "--set",
                "tokenizer.train.vocab_size=300",
                "--set",
                "model={layers: 1, width: 16, heads: 2, context: 32}",
                "--set",
                "train={steps: 2, batch: 2, eval_every: 2, dtype: fp32, peak_tflops: 1}");

        Path folder = home.resolve("runs/first-words");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("  mynah generate -m " + folder.resolve("model") + " -p ROMEO:");
        JsonNode result = run.json();
        assertThat(result.get("out").asString()).isEqualTo(folder.toString());
        assertThat(result.get("model").asString())
                .isEqualTo(folder.resolve("model").toString());
        assertThat(result.get("report").asString())
                .isEqualTo(folder.resolve("report.html").toString());
        assertThat(result.get("step").asInt()).isEqualTo(2);
        assertThat(result.get("val_loss").isNumber()).isTrue();
        assertThat(Cli.run("score", "-m", "first-words", "--file", "pom.xml", "--json")
                        .exitCode())
                .isZero();
        JsonNode info = JsonMapper.shared().readTree(folder.resolve("run.json"));
        assertThat(info.at("/data/0/name").asString()).contains("tinyshakespeare");
        assertThat(info.at("/data/0/licence").asString()).isEqualTo("public domain");
    }

    @Test
    void aDataSetThatIsNotThereIsNamedWithItsSource() {
        Path datasets = home.resolve("datasets");
        Cli run = Cli.run("recipe", "moderation", "--datasets", datasets);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(Objects.requireNonNull(run.err().lines().toList().getLast()))
                .startsWith("mynah: data set 'preferences' is not there: no file "
                        + datasets.resolve("preferences/harmless-base.jsonl.gz"))
                .contains("https://github.com/anthropics/hh-rlhf/tree/354e5c3cb896")
                .endsWith("as docs/datasets.md tells");
    }
}
