package dev.mynah.train.scaling;

import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.RunInfo;
import dev.mynah.train.run.StepLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one training run came to.
 *
 * @param parameters of the model, embeddings included
 * @param tokens trained on
 * @param loss at the end, on held-out text, in nats a token
 */
public record MeasuredRun(String name, double parameters, double tokens, double loss) {

    public MeasuredRun {
        if (!(parameters > 0 && tokens > 0 && loss > 0) || Double.isInfinite(loss)) {
            throw new IllegalArgumentException(
                    "the run " + name + " has parameters, tokens or a loss that are no positive numbers");
        }
    }

    /** Operations of training, 6 for each parameter and token. */
    public double flops() {
        return 6 * parameters * tokens;
    }

    /**
     * Reads run folders, and the run folders that lie in a folder which is none itself.
     *
     * @throws IllegalArgumentException for a folder without runs, a run of another stage than pretraining, one that is not finished, and one without a validation loss
     */
    public static List<MeasuredRun> read(List<Path> folders) throws IOException {
        List<MeasuredRun> runs = new ArrayList<>();
        for (Path folder : folders) {
            for (Path run : runsIn(folder)) {
                runs.add(read(run));
            }
        }
        return runs;
    }

    private static List<Path> runsIn(Path folder) throws IOException {
        if (isRun(folder)) {
            return List.of(folder);
        }
        try (Stream<Path> inner = Files.list(folder)) {
            List<Path> runs = inner.filter(MeasuredRun::isRun).sorted().toList();
            if (runs.isEmpty()) {
                throw new IllegalArgumentException(folder + " is no run and holds none: there is no run.json");
            }
            return runs;
        }
    }

    private static boolean isRun(Path folder) {
        return Files.isRegularFile(new RunFiles(folder).info());
    }

    private static MeasuredRun read(Path folder) throws IOException {
        RunFiles files = new RunFiles(folder);
        RunInfo info = RunInfo.read(files.info());
        if (!"pretrain".equals(info.stage())) {
            throw new IllegalArgumentException(
                    folder + " is a run of " + info.stage() + "; a law is fitted to runs of pretrain");
        }
        if (info.status() != RunInfo.Status.FINISHED) {
            throw new IllegalArgumentException(folder
                    + " is not finished; the loss of a law is that at the end, when the learning rate has fallen");
        }
        double[] last = new double[2];
        StepLog.forEach(files.metrics(), line -> {
            last[0] = line.path("tokens").asDouble(last[0]);
            last[1] = line.path("val_loss").asDouble(last[1]);
        });
        if (Arrays.stream(last).anyMatch(value -> !(value > 0))) {
            throw new IllegalArgumentException(
                    files.metrics() + " has no tokens or no val_loss; a law is fitted to losses on held-out text");
        }
        return new MeasuredRun(info.name(), info.parameters(), last[0], last[1]);
    }
}
