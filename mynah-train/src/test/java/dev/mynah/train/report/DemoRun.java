package dev.mynah.train.report;

import dev.mynah.files.DurableFiles;
import dev.mynah.files.config.Config;
import dev.mynah.train.config.PretrainConfig;
import dev.mynah.train.loop.Schedule;
import dev.mynah.train.run.EvalMetrics;
import dev.mynah.train.run.MachineInfo;
import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.RunInfo;
import dev.mynah.train.run.Sample;
import dev.mynah.train.run.StepLog;
import dev.mynah.train.run.StepMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** Writes the folder of an invented run, to test the report and to look at it. */
final class DemoRun {
    static final String HOSTILE = "<script>alert(1)</script> & \"x\" \u0000";

    private DemoRun() {}

    static RunFiles write(Path folder, RunInfo.Status status, int done) throws IOException {
        RunFiles run = new RunFiles(Files.createDirectories(folder));
        PretrainConfig config = Config.defaults(
                PretrainConfig.class,
                List.of(
                        "data.paths=[data/poems.jsonl.gz]",
                        "train.steps=2000",
                        "model={layers: 6, width: 384, heads: 6, context: 256}"));
        DurableFiles.write(run.config(), Config.toYaml(config));
        info(status).write(run.info());
        Schedule schedule = Schedule.of(config.train());
        Random random = new Random(1);
        try (StepLog metrics = StepLog.append(run.metrics());
                StepLog samples = StepLog.append(run.samples())) {
            for (int step = 1; step <= done; step++) {
                double loss = 2.9
                        + 5.4 * Math.exp(-step / 120.0)
                        + 0.9 * Math.exp(-step / 900.0)
                        + 0.08 * random.nextGaussian();
                double speed = 3180 + 60 * random.nextGaussian() - (step % 200 == 0 ? 700 : 0);
                metrics.append(new StepMetrics(
                        step,
                        loss,
                        schedule.at(step),
                        0.4 + 6 * Math.exp(-step / 20.0) + 0.08 * random.nextDouble(),
                        speed,
                        speed * 8.5e7 / 4.2e11,
                        4096L * step,
                        step * 4096 / 3180.0));
                if (step % 200 == 0) {
                    metrics.append(new EvalMetrics(step, loss + 0.1, (loss + 0.1) / 2.9));
                    samples.append(new Sample(step, "春", "眠不覺曉，處處聞啼鳥。\n夜來風雨聲，花落知多少。"));
                    samples.append(new Sample(step, "", HOSTILE));
                    samples.append(new Sample(
                            step,
                            "Once upon a time",
                            " there was a mynah that listened to the people around it, until one day it answered."));
                }
            }
        }
        return run;
    }

    private static RunInfo info(RunInfo.Status status) {
        MachineInfo machine =
                new MachineInfo("AMD EPYC 9R14 Processor", 2, 25_129_680_896L, "Linux 6.8", "25.0.1+8-LTS");
        boolean bad = status == RunInfo.Status.STOPPED;
        return new RunInfo(
                status,
                "pretrain",
                "First words",
                bad ? "The loss of step 900 is NaN; the checkpoint of step 800 is kept" : null,
                Instant.parse("2026-03-01T09:30:00Z"),
                status == RunInfo.Status.RUNNING ? null : Instant.parse("2026-03-01T10:13:00Z"),
                2000,
                13_765_248L,
                8.5e7,
                4.2e11,
                "bf16 matrix product of 2048 x 2048 measured at the start",
                65,
                "assumed for 2 CPU cores; train.watts sets another",
                "cpu",
                "bf16",
                1,
                machine,
                List.of(
                        new RunInfo.DataSource(
                                "poems.jsonl.gz",
                                "https://example.org/poems",
                                "CC0-1.0",
                                57_214,
                                13_482_113,
                                4_481_220,
                                45_311,
                                312),
                        new RunInfo.DataSource(HOSTILE, null, null, 3, 999, 220, 0, 0)));
    }
}
