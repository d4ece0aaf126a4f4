package dev.mynah.train.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.train.Ranks;
import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.SilentMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that pretrains is killed with SIGKILL at the worst moments, and the run goes on each time. */
class PretrainKillTest {

    private static final String[] OVERRIDES = {
        "train.steps=60", "train.checkpoint_every=5", "train.eval_every=10", "train.sample_every=20", "train.threads=1"
    };

    @TempDir
    private Path folder;

    /** What can be seen of a run when it is to be killed. */
    private interface Moment {
        boolean hasCome(RunFiles files) throws IOException;
    }

    @Test
    void aRunThatIsKilledAgainAndAgainEndsAsOneThatNeverWas() throws Exception {
        Path whole = folder.resolve("whole");
        run(whole, false);

        Path killed = folder.resolve("killed");
        kill("while the tokenizer is written", killed, files -> Files.exists(files.tokenizer()));
        kill("while the corpus is packed", killed, files -> Files.exists(files.shards()));
        kill("while a checkpoint is written", killed, files -> checkpoint(files, "."));
        kill(
                "in the middle of a step",
                killed,
                files -> PretrainTest.losses(killed).size() >= 24);
        kill("while a later checkpoint is written", killed, files -> checkpoint(files, ".tmp-step-4"));
        kill("when the last checkpoint is there", killed, files -> checkpoint(files, "step-60"));
        run(killed, true);

        assertThat(PretrainTest.losses(killed))
                .isEqualTo(PretrainTest.losses(whole))
                .hasSize(66);
        assertThat(new RunFiles(killed).samples()).hasSameTextualContentAs(new RunFiles(whole).samples());
        try (Stream<Path> files = Files.list(whole.resolve("model"))) {
            for (Path file : files.toList()) {
                if (!file.endsWith("provenance.json")) {
                    assertThat(killed.resolve("model").resolve(file.getFileName()))
                            .hasSameBinaryContentAs(file);
                }
            }
        }
        assertThat(checkpoint(new RunFiles(killed), ".")).isFalse();
    }

    private static void run(Path out, boolean resume) throws IOException {
        Pretrain.run(
                PretrainTest.config(OVERRIDES),
                PretrainTest.options(out, resume),
                Ranks.connect(Map.of()),
                new SilentMonitor());
    }

    /** Goes on with the run in a process of its own, and kills it when {@code moment} has come. */
    private void kill(String when, Path out, Moment moment) throws Exception {
        Path log = folder.resolve("log");
        RunFiles files = new RunFiles(out);
        Process process = PretrainProcess.start(log, Map.of(), out, true, OVERRIDES);
        while (!moment.hasCome(files)) {
            if (!process.isAlive()) {
                throw new AssertionError(
                        "the process ended before it could be killed " + when + ": " + Files.readString(log));
            }
        }
        process.destroyForcibly().waitFor();
    }

    /** Whether there is a checkpoint, whole or being written, whose folder's name begins so. */
    private static boolean checkpoint(RunFiles files, String name) throws IOException {
        if (!Files.exists(files.checkpoints())) {
            return false;
        }
        try (Stream<Path> paths = Files.list(files.checkpoints())) {
            List<String> names =
                    paths.map(path -> path.getFileName().toString()).toList();
            return names.stream().anyMatch(each -> each.startsWith(name));
        }
    }
}
