package dev.mynah.train.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.files.config.Config;
import dev.mynah.files.config.ConfigException;
import dev.mynah.train.Ranks;
import dev.mynah.train.chat.TinyChat;
import dev.mynah.train.config.PpoConfig;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.SilentMonitor;
import dev.mynah.train.run.StepMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A model that answers with one of three words, rewarded for one of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PpoTest {

    private Path folder;

    private Path prompts;
    private Path policy;
    private Path reward;

    @BeforeAll
    void trainWhatComesBefore(@TempDir Path temporary) throws IOException {
        folder = temporary;
        TinyPolicy made = TinyPolicy.train(folder);
        prompts = made.prompts();
        policy = made.policy();
        reward = made.reward();
    }

    private PpoConfig config(String... overrides) {
        List<String> all = new ArrayList<>(List.of(
                "model.path=" + policy,
                "data.paths=[\"" + prompts + "\"]",
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
                "train.peak_tflops=1",
                "ppo.reward.path=" + reward,
                "ppo.max_tokens=12"));
        all.addAll(List.of(overrides));
        return Config.defaults(PpoConfig.class, all);
    }

    private Path train(String name, boolean resume, PpoConfig config, Monitor monitor) throws IOException {
        Path out = folder.resolve(name);
        Ppo.run(config, TinyChat.options(out, resume), Ranks.connect(Map.of()), monitor);
        return out;
    }

    @Test
    void learnsToWriteWhatIsRewarded() throws IOException {
        Path out = train("run", false, config("train.steps=25"), new SilentMonitor());
        List<Double> rewards = TinyChat.values(out, "reward");
        double first =
                rewards.subList(0, 3).stream().mapToDouble(x -> x).average().orElseThrow();
        double last =
                rewards.subList(22, 25).stream().mapToDouble(x -> x).average().orElseThrow();
        assertThat(last).isGreaterThan(first + 0.5);
        List<Double> heldOut = TinyChat.values(out, "val_reward");
        assertThat(heldOut.getLast()).as("%s, %s", heldOut, rewards).isGreaterThan(first + 0.3);
        assertThat(Files.readString(new RunFiles(out).samples()))
                .contains("{\"step\":3,\"prompt\":\"1 the snow")
                .contains("{\"step\":25,\"prompt\":\"1 the snow");
    }

    @Test
    void thePolicyBeginsAsTheReference() throws IOException {
        for (String dtype : List.of("fp32", "bf16")) {
            Path out = train(dtype, false, config("train.steps=1", "train.dtype=" + dtype), new SilentMonitor());
            assertThat(TinyChat.values(out, "kl").getFirst()).isZero();
            assertThat(TinyChat.values(out, "updates").getFirst()).isEqualTo(4);
        }
    }

    @Test
    void aResumedRunRepeatsTheUninterruptedOneBitForBit() throws IOException {
        PpoConfig config = config(
                "ppo.kl_target=2",
                "ppo.kl_horizon=50",
                "ppo.mix={conversations: [\"" + prompts + "\"], texts: [\""
                        + Path.of("../recipes/corpora/tiny-shakespeare.jsonl.gz") + "\"], rows: 2}");
        Path whole = train("whole", false, config, new SilentMonitor());
        assertThatThrownBy(() -> train("killed", false, config, new Killer()))
                .isInstanceOf(IllegalStateException.class);
        Path killed = train("killed", true, config, new SilentMonitor());
        assertThat(TinyChat.metrics(killed)).isEqualTo(TinyChat.metrics(whole));
        assertThat(TinyChat.values(whole, "kl_coefficient").getLast()).isNotEqualTo(0.05);
        assertThat(Files.mismatch(whole.resolve("model/model.safetensors"), killed.resolve("model/model.safetensors")))
                .isEqualTo(-1);
    }

    @Test
    void microBatchesDoNotChangeTheFirstUpdate() throws IOException {
        String[] one = {"train.steps=1", "ppo.epochs=1", "ppo.minibatches=1"};
        Path together =
                train("together", false, config(one[0], one[1], one[2], "train.micro_batch=16"), new SilentMonitor());
        Path apart = train("apart", false, config(one[0], one[1], one[2], "train.micro_batch=1"), new SilentMonitor());
        for (String field : List.of("policy_loss", "value_loss", "grad_norm", "reward")) {
            assertThat(TinyChat.values(apart, field).getFirst())
                    .isCloseTo(TinyChat.values(together, field).getFirst(), within(1e-4));
        }
    }

    @Test
    void aStrongPenaltyHoldsThePolicy() throws IOException {
        Path free = train("free", false, config("train.steps=12", "ppo.kl_coefficient=0"), new SilentMonitor());
        Path held = train("held", false, config("train.steps=12", "ppo.kl_coefficient=5"), new SilentMonitor());
        assertThat(Math.abs(TinyChat.values(held, "kl").getLast()))
                .isLessThan(Math.abs(TinyChat.values(free, "kl").getLast()));
    }

    @Test
    void aRewardModelThatReadsLessThanThePolicyWritesIsRefused() throws IOException {
        Path shorter = Files.createDirectories(folder.resolve("shorter"));
        try (Stream<Path> files = Files.list(reward)) {
            for (Path file : files.toList()) {
                Files.copy(file, shorter.resolve(file.getFileName().toString()));
            }
        }
        Path shape = shorter.resolve("config.json");
        Files.writeString(
                shape,
                Files.readString(shape)
                        .replaceFirst("\"max_position_embeddings\" *: *64", "\"max_position_embeddings\": 48"));
        assertThatThrownBy(() -> train("long", false, config("ppo.reward.path=" + shorter), new SilentMonitor()))
                .hasMessage("the reward model " + shorter
                        + " reads 48 tokens, but prompt and answer may have 64; set model.context to 48");
        train(
                "short",
                false,
                config("ppo.reward.path=" + shorter, "model.context=48", "train.steps=1"),
                new SilentMonitor());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> config("ppo.minibatches=3"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("train.batch (16) is not divisible by ppo.minibatches (3)");
        assertThatThrownBy(() -> config("ppo.reward=null")).hasMessageContaining("neither reward nor rule is given");
        assertThatThrownBy(() -> config("ppo.kl_coefficient=0", "ppo.kl_target=2"))
                .hasMessageContaining("kl_coefficient is 0, from where kl_target cannot steer it");
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
