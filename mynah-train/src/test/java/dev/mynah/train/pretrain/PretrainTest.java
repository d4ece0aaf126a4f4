package dev.mynah.train.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.data.Split;
import dev.mynah.data.TokenCorpus;
import dev.mynah.files.config.Config;
import dev.mynah.model.ModelFolder;
import dev.mynah.tensor.Device;
import dev.mynah.text.Tokenizer;
import dev.mynah.text.Tokenizers;
import dev.mynah.train.Datasets;
import dev.mynah.train.Ranks;
import dev.mynah.train.RunOptions;
import dev.mynah.train.TrainingStoppedException;
import dev.mynah.train.config.PretrainConfig;
import dev.mynah.train.run.Checkpoints;
import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.RunInfo;
import dev.mynah.train.run.SilentMonitor;
import dev.mynah.train.run.StepLog;
import dev.mynah.train.run.StepMetrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PretrainTest {

    private static final String CORPUS = "../recipes/corpora/tiny-shakespeare.jsonl.gz";

    @TempDir
    private Path folder;

    static PretrainConfig config(String... overrides) {
        List<String> all = new ArrayList<>(List.of(
                "tokenizer.train.vocab_size=512",
                "data.paths=[" + CORPUS + "]",
                "data.dedup=none",
                "model.family=llama",
                "model.layers=2",
                "model.width=32",
                "model.heads=2",
                "model.context=64",
                "train.steps=12",
                "train.batch=8",
                "train.micro_batch=4",
                "train.eval_every=4",
                "train.eval_tokens=1024",
                "train.sample_every=6",
                "train.sample_tokens=8",
                "train.checkpoint_every=4",
                "train.learning_rate=1e-2",
                "train.warmup_steps=2",
                "train.peak_tflops=1"));
        all.addAll(List.of(overrides));
        return Config.defaults(PretrainConfig.class, all);
    }

    static RunOptions options(Path out, boolean resume) {
        return new RunOptions(out, resume, Device.CPU, new Datasets(Path.of("../recipes/datasets.yaml"), null));
    }

    private Path train(String name, boolean resume, PretrainConfig config) throws IOException {
        Path out = folder.resolve(name);
        Pretrain.run(config, options(out, resume), Ranks.connect(Map.of()), new SilentMonitor());
        return out;
    }

    static List<String> losses(Path out) throws IOException {
        List<String> losses = new ArrayList<>();
        StepLog.forEach(new RunFiles(out).metrics(), line -> {
            if (line.has("loss")) {
                losses.add(line.get("step") + " " + line.get("loss") + " " + line.get("grad_norm"));
            } else {
                losses.add(line.get("step") + " " + line.get("val_bpb"));
            }
        });
        return losses;
    }

    /** The loss in one of the lines of {@link #losses}. */
    static double loss(String line) {
        return Double.parseDouble(line.split(" ")[1]);
    }

    @Test
    void learnsAndLeavesAModelFolder() throws IOException {
        Path out = train("run", false, config());
        RunFiles files = new RunFiles(out);
        List<StepMetrics> steps = new ArrayList<>();
        StepLog.forEach(files.metrics(), line -> {
            if (line.has("loss")) {
                steps.add(new StepMetrics(
                        line.get("step").asInt(), line.get("loss").asDouble(), 0, 0, 0, null, 0, 0));
            }
        });
        assertThat(steps).hasSize(12);
        assertThat(steps.getFirst().loss()).isBetween(6.0, 6.5); // ln 512 = 6.24
        assertThat(steps.getLast().loss()).isLessThan(steps.getFirst().loss() - 0.2);
        assertBitsAreOfBytes(files);
        assertThat(RunInfo.read(files.info()).status()).isEqualTo(RunInfo.Status.FINISHED);
        assertThat(ModelFolder.config(files.model()).vocabSize()).isEqualTo(512);
        assertThat(Tokenizers.load(files.model()).encodeForModel("To be").length)
                .isGreaterThan(1);
        assertThat(Files.readString(files.report())).contains("<svg");
        assertThat(files.samples()).isNotEmptyFile();
        assertThatThrownBy(() -> train("run", false, config()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--resume");
    }

    /** The first 16 rows of 64 tokens were looked at; the end of a document is a token to predict that has no bytes. */
    private static void assertBitsAreOfBytes(RunFiles files) throws IOException {
        Tokenizer tokenizer = Tokenizers.load(files.tokenizer());
        int[] targets = new int[1024];
        try (Stream<Path> folders = Files.list(files.shards()).filter(Files::isDirectory);
                TokenCorpus corpus = TokenCorpus.open(folders.findFirst().orElseThrow())) {
            corpus.split(Split.VALIDATION).read(1, targets, 0, targets.length);
        }
        int bytes = tokenizer.decode(targets).getBytes(StandardCharsets.UTF_8).length;
        List<Double> ratios = new ArrayList<>();
        StepLog.forEach(files.metrics(), line -> {
            if (line.has("val_bpb")) {
                ratios.add(
                        line.get("val_bpb").asDouble() / (line.get("val_loss").asDouble() / Math.log(2)));
            }
        });
        assertThat(ratios).hasSize(3).allSatisfy(ratio -> assertThat(ratio).isCloseTo(1024.0 / bytes, within(1e-9)));
    }

    @Test
    void aResumedRunRepeatsTheUninterruptedOneBitForBit() throws IOException {
        List<String> whole = losses(train("whole", false, config()));
        assertThatThrownBy(() -> Pretrain.run(
                        config(), options(folder.resolve("killed"), false), Ranks.connect(Map.of()), new Killer(7)))
                .isInstanceOf(Killer.Killed.class);
        // Step 7 was written down, but the last checkpoint is that of step 4.
        assertThat(losses(folder.resolve("killed"))).hasSizeGreaterThan(7);
        List<String> resumed = losses(train("killed", true, config()));
        assertThat(resumed).isEqualTo(whole);
        assertThat(Files.mismatch(
                        folder.resolve("whole/model/model.safetensors"),
                        folder.resolve("killed/model/model.safetensors")))
                .isEqualTo(-1);
    }

    @Test
    void aDamagedDescriptionOfTheRunDoesNotBlockIt() throws IOException {
        Path out = train("run", false, config());
        Files.writeString(new RunFiles(out).info(), "{\"status\"");
        train("run", true, config());
        assertThat(RunInfo.read(new RunFiles(out).info()).status()).isEqualTo(RunInfo.Status.FINISHED);
    }

    @Test
    void microBatchesDoNotChangeTheLosses() throws IOException {
        PretrainConfig together = config("train.dtype=fp32", "train.micro_batch=8");
        PretrainConfig apart = config("train.dtype=fp32", "train.micro_batch=1");
        List<String> expected = losses(train("together", false, together));
        List<String> found = losses(train("apart", false, apart));
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(Math.abs(loss(found.get(i)) - loss(expected.get(i))))
                    .as(expected.get(i))
                    .isLessThan(1e-4);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            30    ; The loss of step (\\d+) is [0-9.]+, more than 1.2 times the median .*
            1e30  ; The (?:loss|norm of the gradients) of step (\\d+) is (?:NaN|Infinity)
            """)
    void aLossThatLeapsOrIsNoneStopsTheRunAndKeepsTheLastCheckpoint(String learningRate, String problem)
            throws IOException {
        PretrainConfig config = config(
                "train.learning_rate=" + learningRate,
                "train.warmup_steps=0",
                "train.clip_norm=0",
                "train.spike_window=4",
                "train.spike_factor=1.2",
                "train.checkpoint_every=1",
                "train.keep_checkpoints=1");
        TrainingStoppedException stopped =
                catchThrowableOfType(TrainingStoppedException.class, () -> train("stopped", false, config));
        Matcher message = Pattern.compile(problem + "; the last good checkpoint is that of step (\\d+), .*")
                .matcher(stopped.getMessage());
        assertThat(message.matches()).as(stopped.getMessage()).isTrue();
        int last = Integer.parseInt(message.group(2));
        assertThat(last).isEqualTo(Integer.parseInt(message.group(1)) - 1);
        RunFiles files = new RunFiles(folder.resolve("stopped"));
        assertThat(Checkpoints.open(files.checkpoints(), 1, _ -> {}).latestValid())
                .hasValueSatisfying(checkpoint -> assertThat(checkpoint.step()).isEqualTo(last));
        assertThat(RunInfo.read(files.info()).status()).isEqualTo(RunInfo.Status.STOPPED);
        assertThat(RunInfo.read(files.info()).message()).isEqualTo(stopped.getMessage());
    }

    @Test
    void aCheckpointOfAnotherShapeIsRefused() throws IOException {
        train("shape", false, config());
        assertThatThrownBy(() -> train("shape", true, config("model.width=64")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another shape: width is 32 instead of 64, headDim is 16 instead of 32");
        assertThatThrownBy(() -> train("shape", true, config("tokenizer.train.vocab_size=600")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("512")
                .hasMessageContaining("600");
        assertThatThrownBy(() -> train("shape", true, config("train.steps=6")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("step-12 is beyond train.steps, which is 6");
    }

    @Test
    void whatIsLeftOutOfTheCorpusIsTold() throws IOException {
        Path corpus = folder.resolve("corpus.jsonl");
        String line = "{\"text\": \"One two three four five six seven eight nine ten, once and again.\"}\n";
        Files.writeString(corpus, line.repeat(30) + "{\"text\": \n" + line.repeat(30) + "[]\n");
        List<String> notices = new ArrayList<>();
        SilentMonitor monitor = new SilentMonitor() {
            @Override
            public void notice(String sentence) {
                notices.add(sentence);
            }
        };
        PretrainConfig config = config(
                "data.paths=[" + corpus + "]", "tokenizer.train.vocab_size=270", "train.steps=2", "model.context=16");
        Pretrain.run(config, options(folder.resolve("told"), false), Ranks.connect(Map.of()), monitor);
        assertThat(notices)
                .anySatisfy(notice -> assertThat(notice)
                        .startsWith("2 corrupt records of the corpus are left out, the first: " + corpus + ":31: "));
    }

    /** GPT-2's tokenizer puts nothing before a text, and a sample of an empty prompt needs something to go on from. */
    @Test
    void aModelWhoseTokenizerAddsNothingIsTrainedFurtherAndWritesSamples() throws IOException {
        Path gpt2 = Path.of("../mynah-engine/src/test/resources/fixtures/gpt2");
        Path corpus = Files.writeString(
                folder.resolve("corpus.txt"), "One two three four five six seven eight nine ten, and on.\n".repeat(60));
        String[] further = {
            "model={path: " + gpt2 + "}",
            "tokenizer={path: " + gpt2 + "}",
            "data.paths=[" + corpus + "]",
            "train.steps=2",
            "train.sample_every=1"
        };
        Path out = train("gpt2", false, config(further));
        assertThat(new RunFiles(out).samples()).isNotEmptyFile();
        String[] tooLong = Arrays.copyOf(further, further.length + 1);
        tooLong[further.length] = "train.sample_prompts=[" + "word ".repeat(40) + "]";
        assertThatThrownBy(() -> train("long", false, config(tooLong)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of train.sample_prompts has ")
                .hasMessageContaining("the model takes 1 to 32");
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> train("a", false, config("data.paths=[missing.txt]")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("missing.txt");
        assertThatThrownBy(() -> train("huge", false, config("model.width=100000", "model.layers=1000")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("this machine has");
        assertThat(folder.resolve("huge/tokenizer")).doesNotExist();
        assertThatThrownBy(() -> train("b", false, config("tokenizer.train.vocab_size=900000")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("900000");
        assertThatThrownBy(() -> train("c", false, config("model.context=4000000")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fewer than one sequence of 4000000");
        assertThat(folder.resolve("c/tokenizer")).doesNotExist();
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
