package dev.mynah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchCommandTest {
    @Test
    void usageIsChecked() {
        assertRefused("launch starts train commands, not \"generate\"", "--nproc", 2, "generate", "-p", "x");
        assertRefused("--nproc must be at least 1", "--nproc", 0, "train");
        assertRefused("--node-rank must lie in 0..1", "--nproc", 1, "--nnodes", 2, "--node-rank", 2, "train");
        assertRefused("--master-addr and --master-port are needed", "--nproc", 1, "--nnodes", 2, "train");
        assertRefused("--master-port must lie in", "--nproc", 1, "--master-port", 70000, "train");
        assertRefused("Missing required", "--nproc", 1);
    }

    private static void assertRefused(String part, Object... args) {
        Object[] all = Stream.concat(Stream.of("launch"), Stream.of(args)).toArray();
        Cli run = Cli.run(all);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(part);
    }

    @Test
    void theCommandRunsInEveryProcessAndItsFailureIsNamed() {
        Cli run = Cli.run("launch", "--nproc", 2, "train", "pretrain", "--config", "none.yaml", "--out", "unused");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err().lines()).anyMatch(line -> line.matches("\\[rank [01]] mynah: .*none\\.yaml.*"));
        assertThat(run.err()).containsPattern("mynah: rank [01] ended with exit code 2; the other ranks were stopped");
    }

    @Test
    void twoProcessesTrainOneModel(@TempDir Path folder) throws IOException {
        Path config = Files.writeString(folder.resolve("pretrain.yaml"), """
                tokenizer: {train: {vocab_size: 300}}
                data: {paths: [../recipes/corpora/tiny-shakespeare.jsonl.gz]}
                model: {layers: 1, width: 16, heads: 2, context: 32}
                train: {steps: 4, batch: 4, threads: 1, peak_tflops: 1}
                """);
        Path out = folder.resolve("out");

        Cli run = Cli.run("launch", "--nproc", 2, "train", "pretrain", "--config", config, "--out", out);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(Files.readString(out.resolve("run.json"))).contains("\"FINISHED\"", "\"ranks\" : 2");
        assertThat(Files.readAllLines(out.resolve("metrics.jsonl"))).hasSize(5);
        assertThat(Cli.run("generate", "-m", out.resolve("model"), "-p", "x").exitCode())
                .isZero();
    }

    @Test
    void aProcessThatIsKilledEndsTheOthers() throws Exception {
        Process sleeper = new ProcessBuilder("sleep", "600").start();
        Process victim = new ProcessBuilder("sleep", "600").start();
        StringWriter err = new StringWriter();
        List<RankProcess> ranks = List.of(new RankProcess(0, sleeper, null), new RankProcess(1, victim, null));
        int exitCode;
        try (ProcessGroupGuard guard = new ProcessGroupGuard(ranks)) {
            victim.destroyForcibly();
            exitCode = guard.await(new PrintWriter(err));
        }

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString()).contains("rank 1 was killed by signal 9 (SIGKILL); the other ranks were stopped");
        assertThat(sleeper.isAlive()).isFalse();
    }

    @Test
    void endsAreDescribed() {
        assertThat(ProcessGroupGuard.described(3)).isEqualTo("ended with exit code 3");
        assertThat(ProcessGroupGuard.described(139)).isEqualTo("was killed by signal 11 (SIGSEGV)");
        assertThat(ProcessGroupGuard.described(159)).isEqualTo("was killed by signal 31");
    }
}
