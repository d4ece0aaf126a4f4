package dev.mynah.train.loop;

import dev.mynah.tensor.Scope;
import dev.mynah.tensor.TensorException;
import dev.mynah.tensor.Torch;
import dev.mynah.train.Ranks;
import dev.mynah.train.RunOptions;
import dev.mynah.train.TrainingStoppedException;
import dev.mynah.train.config.TrainSection;
import dev.mynah.train.run.RunFolder;
import java.io.IOException;

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
            work.run();
        } catch (TensorException e) {
            throw ranks.size() == 1 ? e : new TrainingStoppedException(ranks.lost(e), e);
        }
    }
}
