package dev.mynah.train.dpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.files.config.Config;
import dev.mynah.train.Ranks;
import dev.mynah.train.chat.TinyChat;
import dev.mynah.train.config.DpoConfig;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.RunInfo;
import dev.mynah.train.run.SilentMonitor;
import dev.mynah.train.run.StepMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DpoTest {

    @TempDir
    private Path folder;

    private DpoConfig config(String... overrides) throws IOException {
        Path model = folder.resolve("base");
        if (!Files.exists(model)) {
            TinyChat.model(model, true);
        }
        Path data = TinyChat.rankings(folder.resolve("data.jsonl"), 40);
        List<String> all = new ArrayList<>(List.of(
                "model.path=" + model,
                "data.paths=[\"" + data + "\"]",
                "data.validation=0.2",
                "train.steps=8",
                "train.batch=4",
                "train.micro_batch=4",
                "train.learning_rate=1e-3",
                "train.warmup_steps=0",
                "train.dtype=fp32",
                "train.eval_every=4",
                "train.checkpoint_every=4",
                "train.threads=1",
                "train.peak_tflops=1"));
        all.addAll(List.of(overrides));
        return Config.defaults(DpoConfig.class, all);
    }

    private Path train(String name, boolean resume, DpoConfig config, Monitor monitor) throws IOException {
        Path out = folder.resolve(name);
        Dpo.run(config, TinyChat.options(out, resume), Ranks.connect(Map.of()), monitor);
        return out;
    }

    @Test
    void beginsAtTheReferenceAndPrefersWhatPeopleDo() throws IOException {
        Path whole = train("whole", false, config(), new SilentMonitor());
        assertThat(TinyChat.values(whole, "loss").getFirst()).isCloseTo(Math.log(2), within(1e-5));
        assertThat(TinyChat.values(whole, "pair_accuracy").getLast()).isGreaterThan(0.9);
        assertThat(TinyChat.values(whole, "chosen_reward").getLast())
                .isGreaterThan(TinyChat.values(whole, "rejected_reward").getLast());
        assertThat(whole.resolve("model/model.safetensors")).exists();

        Path apart = train("apart", false, config("train.micro_batch=1"), new SilentMonitor());
        for (int i = 0; i < 8; i++) {
            assertThat(TinyChat.values(apart, "loss").get(i))
                    .isCloseTo(TinyChat.values(whole, "loss").get(i), within(1e-4));
        }
    }

    @Test
    void aResumedRunWithAnAdapterRepeatsTheUninterruptedOne() throws IOException {
        DpoConfig config = config("dpo.lora={rank: 4, dropout: 0.1}", "train.learning_rate=1e-2");
        Path whole = train("whole", false, config, new SilentMonitor());
        assertThat(TinyChat.values(whole, "loss").getFirst()).isCloseTo(Math.log(2), within(1e-5));
        assertThatThrownBy(() -> train("killed", false, config, new Killer()))
                .isInstanceOf(IllegalStateException.class);
        RunInfo broken = RunInfo.read(new RunFiles(folder.resolve("killed")).info());
        assertThat(broken.status()).isEqualTo(RunInfo.Status.FAILED);
        assertThat(broken.message()).contains("killed");
        assertThat(folder.resolve("killed/report.html")).content().contains("The run ended at step 6 of 8");
        Path killed = train("killed", true, config, new SilentMonitor());
        assertThat(TinyChat.metrics(killed)).isEqualTo(TinyChat.metrics(whole));
        assertThat(killed.resolve("adapter/adapter_config.json")).exists();
    }

    @Test
    void theReferenceIsAskedForWhatIsUsedAlone() throws IOException {
        List<Long> totals = new ArrayList<>();
        Monitor counting = new SilentMonitor() {
            @Override
            public void preparing(String what, long done, long total) {
                totals.add(total);
            }
        };
        train("blind", false, config("train.steps=2", "train.eval_every=0"), counting);
        assertThat(totals).containsOnly(8L);
        totals.clear();
        train("seeing", false, config("train.steps=2", "train.eval_tokens=1"), counting);
        assertThat(totals).containsOnly(9L);
    }

    /** Breaks off in the middle of a step's logging, as a killed process does. */
    private static final class Killer extends SilentMonitor {
        @Override
        public void step(StepMetrics metrics, int totalSteps, Duration eta) {
            if (metrics.step() == 6) {
                throw new IllegalStateException("killed");
            }
        }
    }
}
