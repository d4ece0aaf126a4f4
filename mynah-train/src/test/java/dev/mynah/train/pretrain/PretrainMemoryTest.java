package dev.mynah.train.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PretrainMemoryTest {

    @TempDir
    private Path folder;

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
    void twoThousandStepsKeepResidentMemoryFlat() throws Exception {
        Path log = folder.resolve("log");
        Process process = PretrainProcess.start(
                log,
                Map.of(),
                folder.resolve("out"),
                false,
                "train.steps=2400",
                "train.batch=2",
                "train.micro_batch=2",
                "train.eval_every=0",
                "train.sample_every=0",
                "train.checkpoint_every=0",
                "train.threads=1");
        assertThat(process.waitFor()).as(Files.readString(log)).isZero();

        List<Double> kilobytes = Files.readAllLines(log).stream()
                .filter(line -> line.startsWith(PretrainProcess.RESIDENT))
                .map(line -> Double.valueOf(line.substring(PretrainProcess.RESIDENT.length())))
                .toList();
        double after400 = kilobytes.get(3);
        double after2400 = kilobytes.get(23);
        assertThat(after2400).as(kilobytes.toString()).isCloseTo(after400, within(0.05 * after400));
    }
}
