package dev.mynah.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code plan} and {@code scaling}: what would be, and what was. */
class PlanCommandTest {

    @TempDir
    private Path folder;

    @Test
    void gpt3IsPlannedByItsSizeAndByItsName() {
        Cli bySize = Cli.run("plan", "--params", "175B", "--tokens", "300B", "--gpu", "h100", "--mfu", "0.4", "--json");
        Cli byName = Cli.run("plan", "--preset", "gpt3-175b", "--tokens", "300B", "--json");
        for (Cli run : new Cli[] {bySize, byName}) {
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.json().get("pf_days").asDouble()).isCloseTo(3640, withinPercentage(0.5));
        }
        JsonNode last =
                bySize.json().get("layouts").get(bySize.json().get("layouts").size() - 1);
        assertThat(last.get("fits").asBoolean()).isTrue();
        assertThat(last.get("weights_gb").asDouble()).isGreaterThan(1);
        assertThat(Cli.run("plan", "--params", "175B", "--tokens", "300B").out())
                .contains("3646 petaflop/s-days")
                .contains("96 layers, width 12288");
    }

    @Test
    void whatIsNoPlanIsRefused() {
        assertRefused("is not a number from 1 to 1e18", "--params", "many");
        assertRefused("there is no GPU \"h99\"", "--params", "1B", "--gpu", "h99");
        assertRefused("there is no preset \"gpt9\"", "--preset", "gpt9");
        assertRefused("--gpus 6 is not a multiple of --tensor 4", "--params", "1B", "--gpus", "6", "--tensor", "4");
        assertRefused("the MFU is 2.0", "--params", "1B", "--mfu", "2");
        assertRefused("the price of an hour is -1.0 USD", "--params", "1B", "--price", "-1");
        assertRefused("the power of a GPU is NaN W", "--params", "1B", "--watts", "NaN");
        assertRefused("Missing required");
    }

    private static void assertRefused(String part, Object... args) {
        Object[] all = new Object[args.length + 1];
        all[0] = "plan";
        System.arraycopy(args, 0, all, 1, args.length);
        Cli run = Cli.run(all);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(part);
    }

    @Test
    void aLawIsFittedToRunFolders() throws IOException {
        for (double size : new double[] {1e6, 4e6, 16e6}) {
            for (double tokens : new double[] {2e7, 1e8, 5e8}) {
                double loss = 1.69 + 406.4 * Math.pow(size, -0.34) + 410.7 * Math.pow(tokens, -0.28);
                Path run = Files.createDirectories(folder.resolve((int) size + "-" + (int) tokens));
                Files.writeString(run.resolve("run.json"), """
                        {"status": "FINISHED", "stage": "pretrain", "name": "r", "started": "2026-01-01T00:00:00Z", "steps": 1, "parameters": %d, "flops_per_token": 1.0,
                         "watts": 1.0, "watts_source": "x", "device": "cpu", "dtype": "fp32", "ranks": 1,
                         "machine": {"cpu": "x", "cores": 1, "os": "x", "java": "25"}, "data": []}
                        """.formatted((long) size));
                Files.writeString(
                        run.resolve("metrics.jsonl"),
                        "{\"step\": 1, \"loss\": 1.0, \"tokens\": %d}\n{\"step\": 1, \"val_loss\": %s, \"val_bpb\": 1}\n"
                                .formatted((long) tokens, loss));
            }
        }
        Path page = folder.resolve("scaling.html");

        Cli run = Cli.run("scaling", "--runs", folder, "--out", page, "--json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.json().at("/alpha/value").asDouble()).isCloseTo(0.34, withinPercentage(0.1));
        assertThat(run.json().at("/beta/value").asDouble()).isCloseTo(0.28, withinPercentage(0.1));
        assertThat(Files.readString(page)).contains("Loss against compute").contains("<polygon class=\"band c1\"");
        assertThat(Cli.run("scaling", "--runs", folder.resolve("none")).exitCode())
                .isEqualTo(2);
    }
}
