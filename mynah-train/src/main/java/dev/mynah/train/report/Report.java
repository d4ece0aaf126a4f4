package dev.mynah.train.report;

import dev.mynah.files.DurableFiles;
import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.RunInfo;
import dev.mynah.train.run.RunInfo.Status;
import dev.mynah.train.run.Sample;
import dev.mynah.train.run.StepLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a report is made of.
 *
 * @param brokenOff whether the run says that it is running, but no process is at work in its folder
 * @param config the resolved configuration as YAML, empty where there is none
 * @param samples in the order in which they were written
 */
public record Report(RunInfo info, boolean brokenOff, History history, List<Sample> samples, String config) {

    /**
     * Writes the {@code report.html} of a run, whether it is over, at work, or broken off.
     *
     * @param atWork whether a process is at work in the run's folder
     */
    public static void write(RunFiles run, boolean atWork) throws IOException {
        DurableFiles.write(run.report(), new ReportPage(read(run, atWork)).html());
    }

    private static Report read(RunFiles run, boolean atWork) throws IOException {
        if (!Files.isRegularFile(run.info())) {
            throw new IllegalArgumentException(
                    run.folder() + " holds no run: " + run.info().getFileName() + " is missing");
        }
        RunInfo info = RunInfo.read(run.info());
        List<Sample> samples = new ArrayList<>();
        StepLog.forEach(
                run.samples(),
                line -> samples.add(new Sample(
                        line.path("step").asInt(),
                        line.path("prompt").asString(""),
                        line.path("text").asString(""))));
        boolean brokenOff = info.status() == Status.RUNNING && !atWork;
        return new Report(info, brokenOff, History.read(run.metrics()), samples, text(run.config()));
    }

    private static String text(Path file) throws IOException {
        return Files.isRegularFile(file) ? Files.readString(file) : "";
    }
}
