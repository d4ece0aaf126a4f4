package dev.mynah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A process that trains by PPO is killed, as by an operator or for want of memory, and the run goes on. */
class PpoKillTest {

    private static final int KILLED = 137;
    private static final String TRAIN =
            "train: {steps: %d, batch: 8, learning_rate: 1.0e-3, warmup_steps: 0, dtype: fp32, eval_every: 0, sample_every: 0, checkpoint_every: 2, threads: 1, peak_tflops: 1}\n";

    @TempDir
    private Path folder;

    @Test
    void aKilledRunEndsAsOneThatNeverWas() throws Exception {
        Path reward = reward();
        Path config = Files.writeString(
                folder.resolve("ppo.yaml"),
                TRAIN.formatted(12)
                        + "model: {path: '%s'}\ndata: {paths: ['%s'], validation: 0}\n".formatted(Cli.LLAMA, prompts())
                        + "ppo: {reward: {path: '%s'}, max_tokens: 8, kl_target: 1, kl_horizon: 50}\n"
                                .formatted(reward));
        Path whole = folder.resolve("whole");
        Path killed = folder.resolve("killed");
        assertRun("train", "ppo", "--config", config, "--out", whole);

        Process process = start("train", "ppo", "--config", config, "--out", killed);
        while (!Files.exists(killed.resolve("checkpoints/step-2")) && process.isAlive()) {
            Thread.sleep(5);
        }
        assertThat(process.destroyForcibly().waitFor())
                .as(Files.readString(folder.resolve("log")))
                .isEqualTo(KILLED);
        assertThat(killed.resolve("model")).doesNotExist();
        assertRun("train", "ppo", "--config", config, "--out", killed, "--resume");

        assertThat(metrics(killed)).isEqualTo(metrics(whole)).hasSize(24);
        for (String file : List.of("model/model.safetensors", "checkpoints/step-12/value/model.safetensors")) {
            assertThat(killed.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
        }
    }

    private static void assertRun(Object... args) {
        Cli run = Cli.run(args);
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    private Path prompts() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            lines.append("{\"prompt\": \"%d\"}\n".formatted(i));
        }
        return Files.writeString(folder.resolve("prompts.jsonl"), lines);
    }

    private Path reward() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            lines.append("{\"prompt\": \"%d\", \"chosen\": \"a\", \"rejected\": \"bb\"}\n".formatted(i));
        }
        Path rankings = Files.writeString(folder.resolve("rankings.jsonl"), lines);
        Path config = Files.writeString(
                folder.resolve("reward.yaml"),
                TRAIN.formatted(2)
                        + "model: {path: '%s'}\ndata: {paths: ['%s'], validation: 0}\n".formatted(Cli.LLAMA, rankings));
        assertRun("train", "reward", "--config", config, "--out", folder.resolve("reward"));
        return folder.resolve("reward/model");
    }

    private Process start(Object... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                Mynah.class.getName()));
        Stream.of(args).map(Object::toString).forEach(command::add);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    /** All lines of the metrics, without what depends on the clock. */
    private static List<String> metrics(Path out) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(out.resolve("metrics.jsonl"))) {
            JsonNode json = JsonMapper.shared().readTree(line);
            StringBuilder text = new StringBuilder();
            json.properties().stream()
                    .filter(field ->
                            !List.of("tok_s", "mfu", "time", "rollout_share").contains(field.getKey()))
                    .forEach(field -> text.append(field).append(' '));
            lines.add(text.toString());
        }
        return lines;
    }
}
