package dev.mynah.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointsTest {
    @TempDir
    Path root;

    private final List<String> notices = new ArrayList<>();

    private Checkpoints open(int keep) throws IOException {
        return Checkpoints.open(root.resolve("checkpoints"), keep, notices::add);
    }

    private static void writeState(Path folder) throws IOException {
        Files.writeString(folder.resolve("weights"), "0123456789");
        Files.createDirectories(folder.resolve("optimizer"));
        Files.writeString(folder.resolve("optimizer/state"), "abc");
    }

    private Path step(int step) {
        return root.resolve("checkpoints/step-" + step);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> paths = Files.list(root.resolve("checkpoints"))) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private int latest() throws IOException {
        return open(3).latestValid().map(Checkpoints.Checkpoint::step).orElse(-1);
    }

    @Test
    void theChecksumsAreThoseOfTheFiles() throws IOException {
        Path folder = open(3).save(7, CheckpointsTest::writeState);
        assertThat(folder).isEqualTo(step(7));
        // printf abc | sha256sum
        assertThat(folder.resolve("checksums.json"))
                .content()
                .contains(
                        "\"optimizer/state\"",
                        "\"bytes\" : 3",
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(latest()).isEqualTo(7);
    }

    @Test
    void theNewestAreKept() throws IOException {
        Checkpoints checkpoints = open(2);
        for (int step : new int[] {8, 9, 10, 11}) {
            checkpoints.save(step, CheckpointsTest::writeState);
        }
        assertThat(names()).containsExactly("step-10", "step-11");
    }

    @Test
    void whatIsBrokenIsPassedOverWithTheReason() throws IOException {
        Checkpoints checkpoints = open(9);
        for (int step = 1; step <= 6; step++) {
            checkpoints.save(step, CheckpointsTest::writeState);
        }
        Files.delete(step(6).resolve("checksums.json"));
        Files.writeString(step(5).resolve("checksums.json"), "{\"files\": {\"weig");
        Files.writeString(step(4).resolve("weights"), "01234");
        Files.writeString(step(3).resolve("weights"), "0123456780");
        Files.delete(step(2).resolve("optimizer/state"));
        assertThat(latest()).isEqualTo(1);
        assertThat(notices)
                .extracting(notice -> notice.substring(notice.indexOf("over: ") + 6))
                .containsExactly(
                        "checksums.json is missing or broken",
                        "checksums.json is missing or broken",
                        "weights has 5 bytes instead of 10",
                        "weights has another checksum than when it was written",
                        "optimizer/state is missing");
    }

    @Test
    void aBrokenCheckpointIsWrittenAnewAndAWholeOneStays() throws IOException {
        Checkpoints checkpoints = open(3);
        checkpoints.save(1, CheckpointsTest::writeState);
        Files.writeString(step(1).resolve("weights"), "");
        checkpoints.save(1, CheckpointsTest::writeState);
        checkpoints.save(1, folder -> {
            throw new AssertionError("written twice");
        });
        assertThat(latest()).isEqualTo(1);
    }

    @Test
    void aBrokenNewerCheckpointNeverDisplacesTheGoodOne() throws IOException {
        Checkpoints checkpoints = open(1);
        checkpoints.save(5, CheckpointsTest::writeState);
        Files.createDirectories(step(600));
        checkpoints.save(6, CheckpointsTest::writeState);
        assertThat(names()).containsExactly("step-6");
        assertThat(latest()).isEqualTo(6);
    }

    @Test
    void thoseOfStepsThatAreDoneAnewAreRemoved() throws IOException {
        Checkpoints checkpoints = open(9);
        for (int step : new int[] {4, 8, 12}) {
            checkpoints.save(step, CheckpointsTest::writeState);
        }
        checkpoints.cutBackTo(8);
        assertThat(names()).containsExactly("step-4", "step-8");
    }

    /** A kill cannot be told from this: the process ends between two of the callback's writes, and nobody cleans up. */
    @Test
    void whatAKilledProcessLeavesIsRemoved() throws IOException {
        open(3).save(1, CheckpointsTest::writeState);
        Path half = root.resolve("checkpoints/.tmp-step-2");
        Files.createDirectories(half.resolve("optimizer"));
        Files.writeString(half.resolve("optimizer/state"), "a");
        Files.createDirectories(root.resolve("checkpoints/.tmp-deleted-step-0"));
        assertThat(latest()).isEqualTo(1);
        assertThat(names()).containsExactly("step-1");
    }

    /**
     * A quota of a few kilobytes needs rights that a test has not, so the callback fails as the system does on a full
     * disk.
     */
    @Test
    void aFullDiskIsOneSentenceAndLeavesTheOlderCheckpoints() throws IOException {
        Checkpoints checkpoints = open(3);
        checkpoints.save(1, CheckpointsTest::writeState);
        String sentence = "The disk is full: " + step(2) + " could not be written (it needs about 13 bytes);"
                + " free some space or give another --out, then go on with --resume";
        IOException full = new IOException("No space left on device");
        assertThatThrownBy(() -> checkpoints.save(2, folder -> {
                    Files.writeString(folder.resolve("weights"), "0123");
                    throw full;
                }))
                .isInstanceOf(IOException.class)
                .hasMessage(sentence);
        assertThatThrownBy(() -> checkpoints.save(2, folder -> {
                    throw new UncheckedIOException(full);
                }))
                .hasMessage(sentence);
        assertThat(names()).containsExactly("step-1");
        assertThat(latest()).isEqualTo(1);
    }

    @Test
    void anyOtherFailureCleansUpToo() throws IOException {
        Checkpoints checkpoints = open(3);
        assertThatThrownBy(() -> checkpoints.save(2, folder -> {
                    Files.write(folder.resolve("weights"), "x".getBytes(StandardCharsets.UTF_8));
                    throw new IllegalStateException("no such tensor");
                }))
                .hasMessage("no such tensor");
        assertThat(names()).isEmpty();
    }
}
