package dev.mynah.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StepLogTest {
    @TempDir
    Path folder;

    private static StepMetrics step(int step, @Nullable Double mfu) {
        return new StepMetrics(step, 2.5, 1e-3, 0.75, 3180, mfu, 4096L * step, 1.25 * step);
    }

    @Test
    void aLineIsOnDiskBeforeTheNextIsWritten() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        try (StepLog log = StepLog.append(file)) {
            log.append(step(1, 0.5));
            assertThat(file).hasContent("""
                    {"step":1,"loss":2.5,"lr":0.001,"grad_norm":0.75,"tok_s":3180.0,"mfu":0.5,"tokens":4096,"time":1.25}""");
            log.append(step(2, null));
            log.append(new EvalMetrics(2, 2.25, 1.5));
        }
        assertThat(Files.readAllLines(file))
                .hasSize(3)
                .element(1, org.assertj.core.api.InstanceOfAssertFactories.STRING)
                .doesNotContain("mfu");
        assertThat(Files.readAllLines(file).get(2)).isEqualTo("{\"step\":2,\"val_loss\":2.25,\"val_bpb\":1.5}");
    }

    @Test
    void cuttingBackRemovesLaterStepsAndBrokenLines() throws IOException {
        Path file = folder.resolve("samples.jsonl");
        try (StepLog log = StepLog.append(file)) {
            log.append(new Sample(1, "", "春\n\"x\""));
            log.append(new Sample(2, "", "二"));
            log.append(new Sample(3, "", "三"));
        }
        byte[] whole = "{\"step\":2,\"prompt\":\"\",\"text\":\"鸟".getBytes(StandardCharsets.UTF_8);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1), StandardOpenOption.APPEND);
        StepLog.cutBackTo(file, 2);
        assertThat(Files.readString(file)).isEqualTo("""
                {"step":1,"prompt":"","text":"春\\n\\"x\\""}
                {"step":2,"prompt":"","text":"二"}
                """);
        StepLog.cutBackTo(file, 0);
        assertThat(file).isEmptyFile();
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void readingSkipsWhatIsBrokenAndAMissingFileHasNoLines() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        StepLog.cutBackTo(file, 5);
        assertThat(file).doesNotExist();
        List<Integer> steps = new ArrayList<>();
        StepLog.forEach(file, line -> steps.add(line.path("step").asInt()));
        Files.writeString(
                file, "{\"step\":1}\nnull\n[]\n{\"step\":\"x\"}\n\n{\"step\":2,\"loss\":\"NaN\"}\n{\"step\":3,");
        StepLog.forEach(file, line -> steps.add(line.path("step").asInt()));
        assertThat(steps).containsExactly(1, 2);
    }
}
