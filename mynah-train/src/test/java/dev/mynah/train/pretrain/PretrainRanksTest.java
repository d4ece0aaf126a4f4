package dev.mynah.train.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.train.Ranks;
import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.RunFolder;
import dev.mynah.train.run.RunInfo;
import dev.mynah.train.run.SilentMonitor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training in several processes, as a launcher starts them. */
class PretrainRanksTest {

    @TempDir
    private Path folder;

    @Test
    void twoRanksGiveTheLossesOfOne() throws Exception {
        String[] overrides = {"train.dtype=fp32", "train.steps=20"};
        Path alone = folder.resolve("alone");
        Pretrain.run(
                PretrainTest.config(overrides),
                PretrainTest.options(alone, false),
                Ranks.connect(Map.of()),
                new SilentMonitor());
        Path together = folder.resolve("together");
        for (Process rank : startRanks(together, false, overrides)) {
            assertThat(rank.waitFor()).isZero();
        }
        List<String> expected = PretrainTest.losses(alone);
        List<String> found = PretrainTest.losses(together);
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(Math.abs(PretrainTest.loss(found.get(i)) - PretrainTest.loss(expected.get(i))))
                    .as(found.get(i) + " / " + expected.get(i))
                    .isLessThan(1e-4);
        }
    }

    @Test
    void aRankThatDiesStopsTheOthersAndTheRunGoesOn() throws Exception {
        Path out = folder.resolve("out");
        String[] overrides = {"train.steps=400", "train.checkpoint_every=5", "train.eval_every=0"};
        List<Process> ranks = startRanks(out, false, overrides);
        while (!Files.exists(out.resolve("checkpoints/step-10")) && ranks.get(0).isAlive()) {
            Thread.sleep(20);
        }
        // Checkpoints and reports have been written, and the run still holds its folder.
        assertThatThrownBy(() -> RunFolder.open(out, true)).hasMessage("Another process is at work in " + out);
        ranks.get(1).destroyForcibly().waitFor();
        Instant died = Instant.now();
        assertThat(ranks.get(0).waitFor()).isEqualTo(PretrainProcess.STOPPED);
        assertThat(Duration.between(died, Instant.now())).isLessThan(Duration.ofSeconds(30));
        assertThat(Files.readString(folder.resolve("log-0"))).contains("another rank is gone");

        String[] shorter = {"train.steps=30", "train.checkpoint_every=5", "train.eval_every=0"};
        int reached = PretrainTest.losses(out).size();
        assertThat(reached).isBetween(10, 399);
        for (Process rank : startRanks(out, true, reached < 30 ? shorter : overrides)) {
            assertThat(rank.waitFor()).isZero();
        }
        assertThat(RunInfo.read(new RunFiles(out).info()).status()).isEqualTo(RunInfo.Status.FINISHED);
        assertThat(PretrainTest.losses(out)).hasSize(reached < 30 ? 30 : 400);
    }

    @Test
    void aBatchThatTheRanksCannotShareIsRefusedBeforeTheDataIsRead() throws Exception {
        Path out = folder.resolve("out");
        for (Process rank : startRanks(out, false, "train.batch=4", "train.micro_batch=4")) {
            assertThat(rank.waitFor()).isNotZero();
        }
        assertThat(Files.readString(folder.resolve("log-0")))
                .contains("the batch of a rank (2) is not divisible by train.micro_batch (4)");
        assertThat(out.resolve("tokenizer")).doesNotExist();
    }

    private List<Process> startRanks(Path out, boolean resume, String... overrides) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        List<Process> ranks = new ArrayList<>();
        for (int rank = 0; rank < 2; rank++) {
            Map<String, String> environment = Map.of(
                    "RANK",
                    String.valueOf(rank),
                    "WORLD_SIZE",
                    "2",
                    "MASTER_ADDR",
                    "127.0.0.1",
                    "MASTER_PORT",
                    String.valueOf(port));
            ranks.add(PretrainProcess.start(folder.resolve("log-" + rank), environment, out, resume, overrides));
        }
        return ranks;
    }
}
