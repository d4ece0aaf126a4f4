package dev.mynah.train.loop;

import dev.mynah.tensor.Scope;
import dev.mynah.tensor.TensorException;
import dev.mynah.tensor.Torch;
import dev.mynah.train.Ranks;
import dev.mynah.train.RunOptions;
import dev.mynah.train.TrainingStoppedException;
import dev.mynah.train.config.TrainSection;
import dev.mynah.train.report.Report;
import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.RunFolder;
import dev.mynah.train.run.RunInfo;
import dev.mynah.train.run.RunInfo.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;

/** What surrounds every stage: its threads, its folder, which the first rank alone holds and writes to, and a scope for its tensors. */
public final class StageRun {

    private StageRun() {}

    /** A stage from its check to its result. */
    public interface Work {
        void run() throws IOException;
    }

    /**
     * Does a stage's work.
     *
     * @throws TrainingStoppedException if another rank is gone
     */
    public static void of(TrainSection train, RunOptions options, Ranks ranks, Work work) throws IOException {
        if (train.threads() != null) {
            Torch.setThreads(train.threads());
        }
        try (RunFolder folder = ranks.isFirst() ? RunFolder.open(options.out(), options.resume()) : null;
                Scope scope = Scope.open()) {
            try {
                work.run();
            } catch (IOException | RuntimeException e) {
                if (folder != null) {
                    noteFailure(new RunFiles(options.out()), e);
                }
                throw e;
            }
        } catch (TensorException e) {
            throw ranks.size() == 1 ? e : new TrainingStoppedException(ranks.lost(e), e);
        }
    }

    /** Writes down why the run is over, unless it never began or that is written down already. */
    private static void noteFailure(RunFiles files, Exception failure) {
        try {
            if (!Files.exists(files.info())) {
                return;
            }
            RunInfo info = RunInfo.read(files.info());
            if (info.status() == Status.RUNNING) {
                boolean stopped = failure instanceof TrainingStoppedException;
                String message = stopped || failure instanceof IllegalArgumentException
                        ? failure.getMessage()
                        : failure.toString();
                info.with(stopped ? Status.STOPPED : Status.FAILED, message, Instant.now())
                        .write(files.info());
                Report.write(files, false);
            }
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
