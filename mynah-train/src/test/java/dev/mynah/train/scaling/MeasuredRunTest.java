package dev.mynah.train.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasuredRunTest {

    @TempDir
    private Path folder;

    private void run(String name, String status, String metrics) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        Files.writeString(run.resolve("run.json"), """
                {"status": "%s", "stage": "pretrain", "name": "%s", "started": "2026-01-01T00:00:00Z", "steps": 2, "parameters": 1000, "flops_per_token": 6000.0,
                 "watts": 1.0, "watts_source": "x", "device": "cpu", "dtype": "fp32", "ranks": 1,
                 "machine": {"cpu": "x", "cores": 1, "os": "x", "java": "25"}, "data": []}
                """.formatted(status, name));
        Files.writeString(run.resolve("metrics.jsonl"), metrics);
    }

    @Test
    void aRunCountsWithItsLastLoss() throws IOException {
        run("a", "FINISHED", """
                {"step": 1, "loss": 3.0, "tokens": 100}
                {"step": 1, "val_loss": 2.9, "val_bpb": 1.0}
                {"step": 2, "loss": 2.0, "tokens": 200}
                {"step": 2, "val_loss": 1.9, "val_bpb": 1.0}
                """);
        assertThat(MeasuredRun.read(List.of(folder))).containsExactly(new MeasuredRun("a", 1000, 200, 1.9));
        assertThat(MeasuredRun.read(List.of(folder.resolve("a")))).hasSize(1);
    }

    @Test
    void runsThatTellNothingAreRefused() throws IOException {
        Files.createDirectories(folder.resolve("empty"));
        assertThatThrownBy(() -> MeasuredRun.read(List.of(folder.resolve("empty"))))
                .hasMessageContaining("is no run and holds none");
        run("b", "RUNNING", "");
        assertThatThrownBy(() -> MeasuredRun.read(List.of(folder.resolve("b")))).hasMessageContaining("not finished");
        run("c", "FINISHED", "{\"step\": 1, \"loss\": 3.0, \"tokens\": 100}\n");
        assertThatThrownBy(() -> MeasuredRun.read(List.of(folder.resolve("c")))).hasMessageContaining("no val_loss");
        Path info = folder.resolve("a/run.json");
        run("a", "FINISHED", "");
        Files.writeString(info, Files.readString(info).replace("pretrain", "sft"));
        assertThatThrownBy(() -> MeasuredRun.read(List.of(folder.resolve("a"))))
                .hasMessageContaining("is a run of sft; a law is fitted to runs of pretrain");
    }
}
