package dev.mynah.server.studio;

import static java.util.Comparator.comparingLong;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.studio.RunFolders.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class RunFoldersTest {
    @TempDir
    private Path folder;

    private Path run(String name, String metrics) throws IOException {
        Path run = Files.createDirectories(folder.resolve("runs").resolve(name));
        Files.writeString(run.resolve("metrics.jsonl"), metrics);
        return run;
    }

    private RunFolders runs() {
        return new RunFolders(folder.resolve("runs"));
    }

    private static String steps(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(step -> "{\"step\": " + step + ", \"loss\": " + 1.0 / step + "}\n")
                .collect(Collectors.joining());
    }

    @Test
    void runsAndStagesAreFoundWithTheirStatus() throws IOException {
        Path first = run("first", steps(2));
        Files.writeString(first.resolve("run.json"), "{\"status\": \"RUNNING\"}");
        Path stage = run("poet/ppo", steps(2));
        Files.writeString(stage.resolve("run.json"), "{\"status\": ");

        assertThat(runs().newest()).extracting(Run::name).containsExactlyInAnyOrder("first", "poet/ppo");
        assertThat(runs().find("first").orElseThrow().status()).hasToString("{\"status\":\"RUNNING\"}");
        assertThat(runs().find("poet/ppo").orElseThrow().status()).isNull();
        assertThat(new RunFolders(folder.resolve("none")).newest()).isEmpty();
    }

    @Test
    void nothingOutsideIsRead() throws IOException {
        Path secret = Files.createDirectories(folder.resolve("secret"));
        Files.writeString(secret.resolve("metrics.jsonl"), steps(1));
        Path run = run("first", steps(1));
        Files.createSymbolicLink(folder.resolve("runs/link"), secret);
        Files.writeString(secret.resolve("other.jsonl"), "{\"step\": 1}");
        Files.createSymbolicLink(run.resolve("samples.jsonl"), secret.resolve("other.jsonl"));

        assertThat(runs().newest()).extracting(Run::name).containsExactly("first");
        for (String name : List.of(
                "../secret",
                "first/../../secret",
                "link",
                "",
                ".",
                "/etc",
                "first/",
                "first/.",
                "first/metrics.jsonl")) {
            assertThat(runs().find(name)).as(name).isEmpty();
        }
        assertThat(RunFolders.samples(runs().find("first").orElseThrow().folder(), 10))
                .isEmpty();
    }

    @Test
    void ofVeryManyTheNewestAreListedAndAllAreFound() throws IOException {
        for (int i = 0; i < 510; i++) {
            FileTime time = FileTime.fromMillis(1_000_000L * (i % 7 + 1) + i);
            Files.setLastModifiedTime(run("run-" + i, "").resolve("metrics.jsonl"), time);
        }
        List<Run> listed = runs().newest();
        assertThat(listed)
                .hasSize(500)
                .isSortedAccordingTo(comparingLong(Run::changedAt).reversed());
        assertThat(listed.getFirst().name()).isEqualTo("run-503");
        // The oldest are those of the first remainder.
        assertThat(listed)
                .extracting(Run::name)
                .doesNotContain("run-0", "run-63")
                .contains("run-70", "run-1");
        assertThat(runs().find("run-0").orElseThrow().changedAt()).isEqualTo(1_000_000);
    }

    @Test
    void longCurvesAreThinnedAndKeepTheirEnd() throws IOException {
        run("long", steps(2_345) + "{\"step\": 23");
        List<JsonNode> rows =
                RunFolders.metrics(runs().find("long").orElseThrow().folder(), 100);
        assertThat(rows).hasSizeBetween(90, 101);
        run("short", steps(5) + "{\"step\": 6, \"lo");
        assertThat(RunFolders.metrics(runs().find("short").orElseThrow().folder(), 100))
                .hasSize(5);
    }

    @Test
    void theNewestSamplesAreShown() throws IOException {
        Path run = run("first", steps(1));
        Files.writeString(
                run.resolve("samples.jsonl"),
                "{\"step\": 1, \"text\": \"a\"}\nbroken\n{\"step\": 2, \"text\": \"b\"}\n");
        assertThat(RunFolders.samples(runs().find("first").orElseThrow().folder(), 2))
                .extracting(sample -> sample.get("step").intValue())
                .containsExactly(2);
    }
}
