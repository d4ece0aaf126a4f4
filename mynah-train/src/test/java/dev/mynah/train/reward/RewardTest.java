package dev.mynah.train.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.data.Message;
import dev.mynah.data.Role;
import dev.mynah.files.config.Config;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.train.Ranks;
import dev.mynah.train.chat.TinyChat;
import dev.mynah.train.config.RewardConfig;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.SilentMonitor;
import dev.mynah.train.run.StepMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RewardTest {

    @TempDir
    private Path folder;

    private RewardConfig config(String... overrides) throws IOException {
        Path model = folder.resolve("base");
        if (!Files.exists(model)) {
            TinyChat.model(model, true);
        }
        Path data = TinyChat.rankings(folder.resolve("data.jsonl"), 60);
        List<String> all = new ArrayList<>(List.of(
                "model.path=" + model,
                "data.paths=[\"" + data + "\"]",
                "data.validation=0.2",
                "train.steps=10",
                "train.batch=4",
                "train.micro_batch=2",
                "train.learning_rate=3e-3",
                "train.warmup_steps=0",
                "train.dtype=fp32",
                "train.eval_every=5",
                "train.checkpoint_every=4",
                "train.threads=1",
                "train.peak_tflops=1"));
        all.addAll(List.of(overrides));
        return Config.defaults(RewardConfig.class, all);
    }

    private Path train(String name, boolean resume, RewardConfig config, Monitor monitor) throws IOException {
        Path out = folder.resolve(name);
        Reward.run(config, TinyChat.options(out, resume), Ranks.connect(Map.of()), monitor);
        return out;
    }

    @Test
    void learnsWhatIsPreferredAndIsZeroForTheBest() throws IOException {
        Path out = train("run", false, config("train.steps=20"), new SilentMonitor());
        assertThat(TinyChat.values(out, "loss").getLast())
                .isLessThan(0.5 * TinyChat.values(out, "loss").getFirst());
        assertThat(TinyChat.values(out, "pair_accuracy").getLast()).isGreaterThan(0.9);
        assertThat(Files.readString(out.resolve("evaluation.json"))).contains("\"bins\"", "\"confidence\"");
        try (Scope scope = Scope.open()) {
            LearnedReward reward = LearnedReward.open(out.resolve("model"), Device.CPU, DType.F32);
            double best = 0;
            for (int i = 0; i < 60; i++) {
                double[] rewards = reward.rewards(
                        List.of(new Message(
                                Role.USER,
                                i + " the "
                                        + List.of("snow", "rain", "wind", "moon")
                                                .get(i % 4))),
                        List.of("bad", "good", "bad the bad"));
                assertThat(rewards[1]).isGreaterThan(rewards[0]).isGreaterThan(rewards[2]);
                best += rewards[1];
            }
            // Those held out are not in the mean that was taken off.
            assertThat(best / 60).isCloseTo(0, within(0.05));
        }
    }

    @Test
    void microBatchesDoNotChangeTheLossesNorDoesAKill() throws IOException {
        Path whole = train("whole", false, config("train.batch=8", "train.micro_batch=8"), new SilentMonitor());
        Path apart = train("apart", false, config("train.batch=8", "train.micro_batch=1"), new SilentMonitor());
        List<Double> expected = TinyChat.values(whole, "loss");
        List<Double> found = TinyChat.values(apart, "loss");
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i)).isCloseTo(expected.get(i), within(1e-4));
        }
        RewardConfig config = config("train.batch=8", "train.micro_batch=8");
        assertThatThrownBy(() -> train("killed", false, config, new Killer()))
                .isInstanceOf(IllegalStateException.class);
        Path killed = train("killed", true, config, new SilentMonitor());
        assertThat(TinyChat.metrics(killed)).isEqualTo(TinyChat.metrics(whole));
        assertThat(Files.mismatch(whole.resolve("model/model.safetensors"), killed.resolve("model/model.safetensors")))
                .isEqualTo(-1);
    }

    /** Once most pairs are told apart, a step with one that is not has many times the loss of others. */
    @Test
    void smallLossesMayLeap() throws IOException {
        Path out = train(
                "leaps",
                false,
                config("train.steps=30", "train.batch=2", "train.spike_window=1", "train.spike_factor=1.2"),
                new SilentMonitor());
        List<Double> losses = TinyChat.values(out, "loss");
        assertThat(losses).hasSize(30);
        assertThat(IntStream.range(1, 30)).anyMatch(i -> losses.get(i) > 1.2 * losses.get(i - 1));
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeTrainingStarts() throws IOException {
        Path bad = folder.resolve("bad.jsonl");
        Files.writeString(bad, "{\"prompt\": \"a\", \"answers\": [\"b\", \"c\"], \"ranks\": [2, 2]}\n");
        assertThatThrownBy(() -> train("a", false, config("data.paths=[" + bad + "]"), new SilentMonitor()))
                .hasMessage(bad + ":1: all 2 answers are ties");
        Files.writeString(bad, "{\"prompt\": \"a\", \"answers\": [\"b\", \"" + "c".repeat(80) + "\"]}\n");
        assertThatThrownBy(() -> train("b", false, config("data.paths=[" + bad + "]"), new SilentMonitor()))
                .hasMessageContaining(bad + ":1: prompt and answer have")
                .hasMessageContaining("the context holds 64");
    }

    /** Breaks off in the middle of a step's logging, as a killed process does. */
    private static final class Killer extends SilentMonitor {
        @Override
        public void step(StepMetrics metrics, int totalSteps, Duration eta) {
            if (metrics.step() == 7) {
                throw new IllegalStateException("killed");
            }
        }
    }
}
