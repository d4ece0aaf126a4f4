package dev.mynah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class BenchCommandTest {
    @Test
    void jsonHoldsTheSpeedsAndTheMemory() {
        Cli run = Cli.run("bench", "-m", Cli.LLAMA, "--prompt", 20, "--gen", 4, "--threads", 2, "--json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode json = run.json();
        assertThat(json.propertyNames()).containsExactly("prefill_tok_s", "decode_tok_s", "peak_rss_mb");
        assertThat(json.get("prefill_tok_s").asDouble()).isPositive();
        assertThat(json.get("decode_tok_s").asDouble()).isPositive();
        assertThat(json.get("peak_rss_mb").asLong()).isGreaterThan(50);
    }

    @Test
    void whatDoesNotFitIntoTheContextIsRefused() {
        Cli run = Cli.run("bench", "-m", Cli.LLAMA, "--prompt", 100_000);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--prompt 100000").contains("context of");
    }

    @Test
    void aMissingModelIsNamed() {
        Cli run = Cli.run("bench", "-m", Path.of("none.gguf"));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("there is no model \"none.gguf\"");
    }

    /** Many at once, one beside a long prompt, and who comes and goes; the model guesses for itself. */
    @Test
    void theEngineIsMeasuredAsItsUsersSeeIt() {
        Cli run = Cli.run(
                "bench",
                "-m",
                Cli.LLAMA,
                "--streams",
                3,
                "--gen",
                12,
                "--interfere",
                30,
                "--soak",
                0.02,
                "--draft-model",
                Cli.LLAMA,
                "--json");

        assertThat(run.err()).isEmpty();
        JsonNode json = run.json();
        assertThat(json.get("one_tok_s").doubleValue()).isPositive();
        assertThat(json.get("ratio").doubleValue()).isPositive();
        assertThat(json.get("longest_gap_ms").doubleValue()).isPositive();
        assertThat(json.get("answers").longValue()).isPositive();
        assertThat(json.get("failed").longValue()).isZero();
        assertThat(json.get("blocks_left").longValue()).isZero();

        Cli tooLong = Cli.run("bench", "-m", Cli.LLAMA, "--interfere", 4000);
        assertThat(tooLong.exitCode()).isEqualTo(2);
        assertThat(tooLong.err()).contains("context of 48");
    }
}
