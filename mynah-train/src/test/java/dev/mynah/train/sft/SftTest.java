package dev.mynah.train.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.data.Message;
import dev.mynah.data.Role;
import dev.mynah.engine.EngineOptions;
import dev.mynah.engine.Engines;
import dev.mynah.engine.GenerationRequest;
import dev.mynah.engine.SamplingOptions;
import dev.mynah.engine.TextGenerator;
import dev.mynah.files.DurableFiles;
import dev.mynah.files.config.Config;
import dev.mynah.model.LoraFolder;
import dev.mynah.tensor.Device;
import dev.mynah.train.Ranks;
import dev.mynah.train.chat.ChatFormat;
import dev.mynah.train.chat.TinyChat;
import dev.mynah.train.config.SftConfig;
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

class SftTest {

    @TempDir
    private Path folder;

    private SftConfig config(String... overrides) throws IOException {
        Path model = folder.resolve("base");
        if (!Files.exists(model)) {
            TinyChat.model(model, false);
        }
        Path data = TinyChat.conversations(folder.resolve("data.jsonl"), 80);
        List<String> all = new ArrayList<>(List.of(
                "model.path=" + model,
                "data.paths=[\"" + data + "\"]",
                "data.validation=0.2",
                "train.steps=12",
                "train.batch=4",
                "train.micro_batch=2",
                "train.learning_rate=1e-2",
                "train.dtype=fp32",
                "train.eval_every=4",
                "train.checkpoint_every=4",
                "train.sample_every=0",
                "train.threads=1",
                "train.peak_tflops=1"));
        all.addAll(List.of(overrides));
        return Config.defaults(SftConfig.class, all);
    }

    private Path train(String name, boolean resume, SftConfig config) throws IOException {
        Path out = folder.resolve(name);
        Sft.run(config, TinyChat.options(out, resume), Ranks.connect(Map.of()), new SilentMonitor());
        return out;
    }

    private static String answer(Path model, String question) throws IOException {
        try (Engines.Served served = Engines.open(model, Device.CPU, EngineOptions.DEFAULT)) {
            int[] prompt = new ChatFormat(served.text().tokenizer()).prompt(List.of(new Message(Role.USER, question)));
            SamplingOptions greedy =
                    SamplingOptions.builder().temperature(0).maxTokens(12).build();
            return TextGenerator.generate(served.engine(), GenerationRequest.of(prompt, greedy), text -> {})
                    .text();
        }
    }

    @Test
    void learnsToAnswerAndToEndItsTurn() throws IOException {
        Path out = train(
                "run",
                false,
                config(
                        "train.steps=60",
                        "train.eval_every=20",
                        "train.sample_every=60",
                        "train.sample_prompts=[3 the snow]"));
        assertThat(TinyChat.values(out, "loss").getFirst()).isBetween(5.0, 6.2); // ln 267 = 5.6
        assertThat(TinyChat.values(out, "loss").getLast()).isLessThan(1.0);
        assertThat(TinyChat.values(out, "val_loss").getLast()).isLessThan(1.0);
        RunFiles files = new RunFiles(out);
        assertThat(answer(files.model(), "99 the moon")).isIn("white", "wet", "fast", "round");
        assertThat(RunInfo.read(files.info()).stage()).isEqualTo("sft");
        assertThat(Files.readString(files.samples())).contains("3 the snow");
        assertThat(Files.readString(files.model().resolve("tokenizer_config.json")))
                .contains("<|im_start|>");
    }

    @Test
    void aLowRankAdapterLearnsTooAndGivesTheMergedModel() throws IOException {
        Path out = train(
                "lora",
                false,
                config("train.steps=20", "train.learning_rate=3e-2", "train.eval_every=20", "sft.lora.rank=8"));
        assertThat(TinyChat.values(out, "loss").getLast())
                .isLessThan(TinyChat.values(out, "loss").getFirst() - 0.05);
        RunFiles files = new RunFiles(out);
        assertThat(LoraFolder.isAdapter(files.adapter())).isTrue();
        Path merged = train(
                "check", false, config("model.path=" + files.model(), "train.steps=1", "train.learning_rate=1e-9"));
        assertThat(TinyChat.values(merged, "val_loss").getFirst())
                .isCloseTo(TinyChat.values(out, "val_loss").getLast(), within(2e-3));
    }

    @Test
    void aResumedRunRepeatsTheUninterruptedOneBitForBit() throws IOException {
        for (String lora : List.of("sft.lora=null", "sft.lora={rank: 4, dropout: 0.2}")) {
            SftConfig config = config(lora, "sft.patience=2", "train.dtype=bf16");
            String name = lora.length() > 15 ? "lora" : "full";
            Path whole = train(name + "-whole", false, config);
            Path killed = folder.resolve(name + "-killed");
            assertThatThrownBy(() ->
                            Sft.run(config, TinyChat.options(killed, false), Ranks.connect(Map.of()), new Killer(7)))
                    .isInstanceOf(Killer.Killed.class);
            train(name + "-killed", true, config);
            assertThat(TinyChat.metrics(killed)).isEqualTo(TinyChat.metrics(whole));
            assertThat(Files.mismatch(
                            whole.resolve("model/model.safetensors"), killed.resolve("model/model.safetensors")))
                    .isEqualTo(-1);
        }
    }

    @Test
    void microBatchesDoNotChangeTheLosses() throws IOException {
        List<Double> together =
                TinyChat.values(train("8x1", false, config("train.batch=8", "train.micro_batch=8")), "loss");
        List<Double> apart =
                TinyChat.values(train("1x8", false, config("train.batch=8", "train.micro_batch=1")), "loss");
        assertThat(apart).hasSameSizeAs(together);
        for (int i = 0; i < apart.size(); i++) {
            assertThat(apart.get(i)).isCloseTo(together.get(i), within(1e-4));
        }
    }

    @Test
    void stopsWhenTheValidationLossNoLongerFallsAndKeepsTheBest() throws IOException {
        Path out = train(
                "early",
                false,
                config(
                        "train.steps=200",
                        "train.learning_rate=0.3",
                        "train.warmup_steps=0",
                        "train.eval_every=1",
                        "train.spike_factor=0",
                        "sft.patience=3"));
        List<Double> losses = TinyChat.values(out, "val_loss");
        double best = losses.stream().min(Double::compare).orElseThrow();
        assertThat(losses.size()).isLessThan(200);
        assertThat(losses.indexOf(best)).isEqualTo(losses.size() - 4);
        Path again = train(
                "again",
                false,
                config("model.path=" + out.resolve("model"), "train.steps=1", "train.learning_rate=1e-9"));
        assertThat(TinyChat.values(again, "val_loss").getFirst()).isCloseTo(best, within(1e-4));
        assertThat(TinyChat.metrics(train(
                        "early",
                        true,
                        config(
                                "train.steps=200",
                                "train.learning_rate=0.3",
                                "train.warmup_steps=0",
                                "train.eval_every=1",
                                "train.spike_factor=0",
                                "sft.patience=3"))))
                .hasSize(2 * losses.size());
    }

    @Test
    void theBestWeightsAreThoseOfTheRunAsItWentOn() throws IOException {
        String[] early = {"train.steps=8", "train.eval_every=4", "sft.patience=9"};
        Path out = train("early", false, config(early));
        Path last = out.resolve("checkpoints/step-8");
        Path weights = out.resolve("model/model.safetensors");
        assertThat(weights).hasSameBinaryContentAs(last.resolve("model/model.safetensors"));
        byte[] abandoned = Files.readAllBytes(weights);

        DurableFiles.deleteTree(last);
        train("early", true, config(early[0], early[1], early[2], "train.learning_rate=1e-3"));
        List<Double> losses = TinyChat.values(out, "val_loss");
        assertThat(losses.getLast())
                .isEqualTo(losses.stream().min(Double::compare).orElseThrow());
        assertThat(weights).hasSameBinaryContentAs(last.resolve("model/model.safetensors"));
        assertThat(Files.readAllBytes(weights)).isNotEqualTo(abandoned);

        DurableFiles.deleteTree(last);
        Notices notices = new Notices();
        Sft.run(
                config(early[0], early[1], early[2], "train.learning_rate=1e-30"),
                TinyChat.options(out, true),
                Ranks.connect(Map.of()),
                notices);
        assertThat(notices.sentences)
                .contains(
                        "The weights of step 4, whose validation loss was the lowest, are gone; the last ones are kept instead");
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeTrainingStarts() throws IOException {
        Path bad = folder.resolve("bad.jsonl");
        String turn =
                "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"%s\"}]}\n";
        Files.writeString(
                bad,
                turn.formatted("b") + turn.formatted("long ".repeat(40))
                        + "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}\n");
        assertThatThrownBy(() -> train("a", false, config("data.paths=[" + bad + "]")))
                .hasMessage(bad + ":3: no assistant turn to learn from");
        Files.writeString(bad, turn.formatted("b") + turn.formatted("long ".repeat(40)));
        assertThatThrownBy(() -> train("b", false, config("data.paths=[" + bad + "]")))
                .hasMessageContaining(bad + ":2: the conversation has ")
                .hasMessageContaining("tokens, the context holds 64");
        Notices monitor = new Notices();
        Sft.run(
                config("data.paths=[" + bad + "]", "data.skip_bad=true", "train.steps=1", "data.validation=0"),
                TinyChat.options(folder.resolve("c"), false),
                Ranks.connect(Map.of()),
                monitor);
        assertThat(monitor.sentences).contains("1 records cannot be used and are left out:");
        assertThat(monitor.sentences).anySatisfy(notice -> assertThat(notice).contains(bad + ":2: "));
        assertThatThrownBy(() -> train("d", false, config("sft.lora.targets=[query]")))
                .hasMessage(
                        "the model has no linear layer query; it has q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj");
        assertThatThrownBy(() -> config("train.document_mask=false")).hasMessageContaining("never see each other");
        train("e", false, config("train.steps=4", "sft.lora.rank=4"));
        assertThatThrownBy(() -> train("e", true, config("train.steps=8", "sft.lora.rank=8")))
                .hasMessageContaining("is of another adapter");
    }

    /** A killed process leaves a run that says that it is running; so does this one, for whoever looks for what to resume. */
    @Test
    void whatFailsBeforeItBeginsLeavesTheEarlierRunAsItWas() throws IOException {
        RunFiles files = new RunFiles(train("run", false, config("train.steps=4")));
        RunInfo.read(files.info()).with(RunInfo.Status.RUNNING, null, null).write(files.info());
        List<Path> written = List.of(files.info(), files.config(), files.provenance(), files.report());
        List<String> before = contents(written);
        assertThatThrownBy(() -> train("run", true, config("train.steps=8", "data.paths=[none.jsonl]")))
                .hasMessageContaining("none.jsonl");
        assertThat(contents(written)).isEqualTo(before);
        assertThatThrownBy(() -> train("run", true, config("train.steps=8", "sft.lora.rank=4")))
                .hasMessageContaining("adapter_config.json");
        assertThat(contents(written)).isEqualTo(before);
    }

    private static List<String> contents(List<Path> files) throws IOException {
        List<String> contents = new ArrayList<>();
        for (Path file : files) {
            contents.add(Files.readString(file));
        }
        return contents;
    }

    @Test
    void stoppingEarlyNeedsSomethingHeldOut() throws IOException {
        assertThatThrownBy(() -> config("sft.patience=2", "data.validation=0"))
                .hasMessageContaining("sft.patience needs evaluations");
        Path apart = TinyChat.conversations(folder.resolve("apart.jsonl"), 8);
        Path out = train(
                "apart",
                false,
                config(
                        "sft.patience=2",
                        "data.validation=0",
                        "data.validation_paths=[\"" + apart + "\"]",
                        "train.steps=4"));
        assertThat(TinyChat.values(out, "val_loss")).hasSize(1);
        Path one = TinyChat.conversations(folder.resolve("one.jsonl"), 1);
        assertThatThrownBy(() -> train(
                        "none",
                        false,
                        config("sft.patience=2", "data.validation=0.001", "data.paths=[\"" + one + "\"]")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none of the 1 conversations is held out");
    }

    private static final class Notices extends SilentMonitor {
        private final List<String> sentences = new ArrayList<>();

        @Override
        public void notice(String sentence) {
            sentences.add(sentence);
        }
    }

    /** Breaks off in the middle of a step's logging, as a killed process does. */
    private static final class Killer extends SilentMonitor {
        private final int at;

        static final class Killed extends RuntimeException {}

        Killer(int at) {
            this.at = at;
        }

        @Override
        public void step(StepMetrics metrics, int totalSteps, Duration eta) {
            if (metrics.step() == at) {
                throw new Killed();
            }
        }
    }
}
