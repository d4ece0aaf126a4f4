package dev.mynah.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunFolderTest {
    @TempDir
    Path root;

    @Test
    void aMissingFolderBeginsARunWithResumeOrWithout() throws IOException {
        RunFolder.open(root.resolve("a/b"), true).close();
        assertThat(root.resolve("a/b")).isDirectory();
        RunFolder.open(root.resolve("a/b"), false).close();
    }

    @Test
    void aRunIsNeverOverwritten() throws IOException {
        Files.writeString(root.resolve("metrics.jsonl"), "{}");
        assertThatThrownBy(() -> RunFolder.open(root, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(root + " holds a run already; give --resume to go on with it, or another folder");
        RunFolder.open(root, true).close();
        assertThat(root.resolve("metrics.jsonl")).hasContent("{}");
    }

    @Test
    void aFinishedModelIsNoPlaceForARun() throws IOException {
        Path model = Files.createDirectories(root.resolve("run/model"));
        Files.writeString(model.resolve("config.json"), "{}");
        Files.writeString(model.resolve("model.safetensors"), "");
        for (Path folder : List.of(model, model.resolve("inside/deep"))) {
            assertThatThrownBy(() -> RunFolder.open(folder, true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(model + " holds a finished model; give a run another folder");
        }
        assertThat(model.resolve("inside")).doesNotExist();
        RunFolder.open(root.resolve("run"), true).close();
    }

    @Test
    void oneProcessAtATimeIsAtWork() throws IOException {
        try (RunFolder _ = RunFolder.open(root, false)) {
            assertThatThrownBy(() -> RunFolder.open(root, true)).hasMessage("Another process is at work in " + root);
        }
        RunFolder.open(root, true).close();
    }

    @Test
    void aFileIsNoFolder() throws IOException {
        Path file = Files.writeString(root.resolve("x"), "");
        assertThatThrownBy(() -> RunFolder.open(file, false)).hasMessage(file + " is a file; a run needs a folder");
    }

    @Test
    void runJsonReadsBackEqual() throws IOException {
        MachineInfo machine = new MachineInfo("CPU", 2, null, "Linux 6", "25");
        RunInfo info = new RunInfo(
                RunInfo.Status.RUNNING,
                "pretrain",
                "first words",
                null,
                Instant.parse("2026-01-02T03:04:05Z"),
                null,
                100,
                13_800_000L,
                8.5e7,
                null,
                null,
                65,
                "assumed",
                "cpu",
                "bf16",
                1,
                machine,
                List.of(new RunInfo.DataSource("a.txt", null, "CC0", 3, 100, 20, 2, 1)));
        Path file = root.resolve("run.json");
        info.write(file);
        assertThat(RunInfo.read(file)).isEqualTo(info);
        RunInfo ended = info.with(RunInfo.Status.STOPPED, "The loss of step 3 is NaN", Instant.EPOCH);
        ended.write(file);
        assertThat(RunInfo.read(file)).isEqualTo(ended);
        Files.writeString(file, "{\"status\": \"");
        assertThatThrownBy(() -> RunInfo.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString());
    }
}
