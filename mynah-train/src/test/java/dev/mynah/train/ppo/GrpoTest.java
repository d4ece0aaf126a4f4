package dev.mynah.train.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.files.config.Config;
import dev.mynah.train.Ranks;
import dev.mynah.train.chat.TinyChat;
import dev.mynah.train.config.GrpoConfig;
import dev.mynah.train.config.TamerConfig;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.SilentMonitor;
import dev.mynah.train.run.StepLog;
import dev.mynah.train.run.StepMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Learning without a value model: from a reward model, and from a person. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpoTest {

    private Path folder;
    private TinyPolicy tiny;

    @BeforeAll
    void trainWhatComesBefore(@TempDir Path temporary) throws IOException {
        folder = temporary;
        tiny = TinyPolicy.train(folder);
    }

    private List<String> common(String... more) {
        List<String> all = new ArrayList<>(List.of(
                "model.path=" + tiny.policy(),
                "data.paths=[\"" + tiny.prompts() + "\"]",
                "data.validation=0.2",
                "train.steps=6",
                "train.batch=16",
                "train.micro_batch=4",
                "train.learning_rate=2e-3",
                "train.warmup_steps=0",
                "train.dtype=fp32",
                "train.eval_every=3",
                "train.checkpoint_every=2",
                "train.threads=1",
                "train.peak_tflops=1"));
        all.addAll(List.of(more));
        return all;
    }

    private GrpoConfig config(String... overrides) {
        List<String> all = common("grpo.reward.path=" + tiny.reward(), "grpo.max_tokens=12", "grpo.group=4");
        all.addAll(List.of(overrides));
        return Config.defaults(GrpoConfig.class, all);
    }

    private Path train(String name, boolean resume, GrpoConfig config, Monitor monitor) throws IOException {
        Path out = folder.resolve(name);
        Grpo.run(config, TinyChat.options(out, resume), Ranks.connect(Map.of()), monitor);
        return out;
    }

    private Path tame(String name, boolean resume, String steps, Feedback feedback) throws IOException {
        Path out = folder.resolve(name);
        TamerConfig config = Config.defaults(
                TamerConfig.class, common("tamer.max_tokens=12", "train.batch=8", "train.steps=" + steps));
        Tamer.run(config, TinyChat.options(out, resume), Ranks.connect(Map.of()), new SilentMonitor(), feedback);
        return out;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(x -> x).average().orElseThrow();
    }

    private static void assertSameWeights(Path one, Path other) throws IOException {
        assertThat(Files.mismatch(one.resolve("model/model.safetensors"), other.resolve("model/model.safetensors")))
                .isEqualTo(-1);
    }

    @Test
    void groupsLearnToWriteWhatIsRewarded() throws IOException {
        Path out = train("run", false, config("train.steps=20", "train.batch=32"), new SilentMonitor());
        List<Double> rewards = TinyChat.values(out, "reward");
        assertThat(mean(rewards.subList(17, 20))).isGreaterThan(mean(rewards.subList(0, 3)) + 0.5);
        assertThat(TinyChat.values(out, "kl").getFirst()).isZero();
        assertThat(TinyChat.values(out, "value_loss")).isEmpty();
    }

    @Test
    void aResumedRunRepeatsTheUninterruptedOneBitForBit() throws IOException {
        GrpoConfig config = config("grpo.epochs=2", "grpo.minibatches=2");
        Path whole = train("whole", false, config, new SilentMonitor());
        assertThatThrownBy(() -> train("killed", false, config, new Killer()))
                .isInstanceOf(IllegalStateException.class);
        Path killed = train("killed", true, config, new SilentMonitor());
        assertThat(TinyChat.metrics(killed)).isEqualTo(TinyChat.metrics(whole));
        assertSameWeights(whole, killed);
    }

    @Test
    void aGroupThatDoesNotDivideTheBatchIsRefused() {
        assertThatThrownBy(() -> config("grpo.group=3"))
                .hasMessageContaining("train.batch (16) is not divisible by grpo.group (3)");
        assertThatThrownBy(() -> config("grpo.reward=null")).hasMessageContaining("neither reward nor rule is given");
    }

    /** A script in the person's place likes one word. */
    @Test
    void aPersonsNumbersTeachToo() throws IOException {
        Path out = tame("tamed", false, "20", (_, answer) -> answer.strip().equals("good") ? 1 : -1);
        List<Double> rewards = TinyChat.values(out, "reward");
        assertThat(mean(rewards.subList(17, 20))).isGreaterThan(mean(rewards.subList(0, 3)) + 0.5);
    }

    @Test
    void nobodyIsAskedTwice() throws IOException {
        Feedback scripted = (_, answer) -> answer.strip().equals("good") ? 0.5 : -0.5;
        Path whole = tame("patient", false, "4", scripted);
        AtomicInteger asked = new AtomicInteger();
        assertThatThrownBy(() -> tame("tired", false, "4", (prompt, answer) -> {
                    if (asked.incrementAndGet() == 29) {
                        throw new IllegalStateException("gone home");
                    }
                    return scripted.of(prompt, answer);
                }))
                .hasMessage("gone home");
        Path said = folder.resolve("tired/feedback.jsonl");
        Files.writeString(said, "{\"step\":4,\"prom", StandardOpenOption.APPEND); // what a power cut leaves
        Path resumed = tame("tired", true, "4", (prompt, answer) -> {
            asked.incrementAndGet();
            return scripted.of(prompt, answer);
        });
        assertThat(asked.get()).isEqualTo(4 * 8 + 1);
        List<Integer> kept = new ArrayList<>();
        StepLog.forEach(said, line -> kept.add(line.path("step").asInt()));
        assertThat(kept).hasSize(4 * 8);
        assertThat(TinyChat.metrics(resumed)).isEqualTo(TinyChat.metrics(whole));
        assertSameWeights(whole, resumed);
        assertThatThrownBy(() -> tame("loud", false, "1", (_, _) -> 7)).hasMessageContaining("from -1 to 1");
    }

    /** Breaks off in the middle of a step's logging, as a killed process does. */
    private static final class Killer extends SilentMonitor {
        @Override
        public void step(StepMetrics metrics, int totalSteps, Duration eta) {
            if (metrics.step() == 5) {
                throw new IllegalStateException("killed");
            }
        }
    }
}
