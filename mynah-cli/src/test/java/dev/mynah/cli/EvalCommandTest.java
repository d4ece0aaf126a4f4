package dev.mynah.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class EvalCommandTest {
    @TempDir
    private Path folder;

    private JsonNode task(String name, Object... more) {
        Object[] args = new Object[6 + more.length];
        System.arraycopy(new Object[] {"eval", "-m", Cli.LLAMA, "--json", "--task", name}, 0, args, 0, 6);
        System.arraycopy(more, 0, args, 6, more.length);
        Cli run = Cli.run(args);
        assertThat(run.err().lines())
                .isNotEmpty()
                .allMatch(line -> line.matches("(Reading|Choosing|Answering|Running programs): [0-9]+%"));
        assertThat(run.exitCode()).isZero();
        assertThat(run.json().get("model").stringValue()).isEqualTo("llama");
        return run.json().at("/tasks/" + name);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void perplexityIsThatOfTheScore() throws IOException {
        Path text = file("a.txt", "the bird of the morning sings in the old tree. ".repeat(40));
        JsonNode score =
                Cli.run("score", "-m", Cli.LLAMA, "--file", text, "--json").json();
        JsonNode result = task("perplexity", "--data", text);
        for (String name : new String[] {"perplexity", "bits_per_byte"}) {
            JsonNode metric = result.at("/metrics/" + name);
            double value = metric.get("value").doubleValue();
            assertThat(value).isCloseTo(score.get(name).doubleValue(), within(1e-6 * value));
            assertThat(metric.get("low").doubleValue()).isLessThanOrEqualTo(value);
            assertThat(metric.get("high").doubleValue()).isGreaterThanOrEqualTo(value);
            assertThat(metric.get("interval").stringValue()).isEqualTo("bootstrap 95%");
        }
    }

    /** The likelier of two choices, as the scores of the whole texts say. */
    @Test
    void theChoiceIsTheLikeliest() throws IOException {
        double first = logLikelihood("the bird sings");
        double second = logLikelihood("the bird of the morning");
        boolean firstWins = first > second;
        boolean firstWinsByLength = first / " sings".length() > second / " of the morning".length();
        Path data = file("c.jsonl", """
                {"question": "the bird", "choices": ["sings", "of the morning"], "answer": 0}
                """);
        JsonNode metrics = task("choice", "--data", data).get("metrics");
        assertThat(metrics.at("/acc/value").doubleValue()).isEqualTo(firstWins ? 1 : 0);
        assertThat(metrics.at("/acc_bytes/value").doubleValue()).isEqualTo(firstWinsByLength ? 1 : 0);
        assertThat(metrics.at("/acc/interval").stringValue()).isEqualTo("wilson 95%");
    }

    /** Both texts begin alike, so their difference is that of what follows. */
    private double logLikelihood(String text) throws IOException {
        return Cli.run("score", "-m", Cli.LLAMA, "--file", file("t.txt", text), "--json")
                        .json()
                        .get("log_likelihood")
                        .doubleValue()
                - Cli.run("score", "-m", Cli.LLAMA, "--file", file("t.txt", "the bird"), "--json")
                        .json()
                        .get("log_likelihood")
                        .doubleValue();
    }

    @Test
    void mathematicsIsAskedAndJudged() throws IOException {
        Path data = file("g.jsonl", """
                {"question": "1 and 1?", "answer": "1+1=2\\n#### 2"}
                {"question": "2 and 2?", "answer": "2+2=4\\n#### 4"}
                {"question": "3 and 3?", "answer": "3+3=6\\n#### 6"}
                """);
        JsonNode result = task("gsm8k", "--data", data, "--shots", 0, "--limit", 2, "--max-tokens", 2);
        assertThat(result.get("n").intValue()).isEqualTo(2);
        assertThat(result.get("shots").intValue()).isZero();
        assertThat(result.at("/metrics/exact_match_strict/value").doubleValue()).isZero();
    }

    @Test
    void programsAreRunOnlyWhereThatIsAllowed() throws IOException {
        Path data = file("h.jsonl", """
                {"task_id": "0", "prompt": "def f(): ", "test": "def check(f): assert f() == 1", "entry_point": "f"}
                """);
        Cli refused = Cli.run("eval", "-m", Cli.LLAMA, "--task", "humaneval", "--data", data);
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("--allow-code-execution");

        JsonNode result = task(
                "humaneval",
                "--data",
                data,
                "--allow-code-execution",
                "--samples",
                2,
                "--temperature",
                1,
                "--pass-at",
                "1,2",
                "--max-tokens",
                4);
        assertThat(result.at("/metrics/pass@2/value").doubleValue()).isZero();
    }

    @Test
    void whatCannotBeMeasuredIsSaid() throws IOException {
        assertThat(Cli.run("eval", "-m", Cli.LLAMA, "--task", "chess").err())
                .contains("there is no task chess; there are perplexity, choice, gsm8k, humaneval, mbpp");
        assertThat(Cli.run("eval", "-m", Cli.LLAMA, "--task", "perplexity").err())
                .contains("needs --data FILE");
        Path data = file("c.jsonl", "{\"question\": \"a\", \"choices\": [\"b\"], \"answer\": 3}\n");
        Cli wrong = Cli.run("eval", "-m", Cli.LLAMA, "--task", "choice", "--data", data);
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("lacks \"answer\"");
        assertThat(Cli.run("eval", "-m", Cli.LLAMA, "--task", "gsm8k", "--pass-at", "5")
                        .err())
                .contains("--pass-at 5 needs --samples");
    }
}
