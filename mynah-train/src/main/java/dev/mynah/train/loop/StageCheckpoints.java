package dev.mynah.train.loop;

import dev.mynah.train.config.TrainSection;
import dev.mynah.train.run.Checkpoints;
import dev.mynah.train.run.Checkpoints.Checkpoint;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.RunFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A stage's checkpoints: what the stage itself keeps, and how far it had come. */
public final class StageCheckpoints {
    /** The folder of the model in training within a checkpoint. */
    public static final String MODEL = "model";

    private static final String STATE = "state.json";

    private final Checkpoints checkpoints;
    private final Contents contents;
    private final Monitor monitor;

    /** What a stage keeps. */
    public interface Contents {
        /** Writes into a checkpoint's folder. */
        void save(Path folder) throws IOException;

        /**
         * Takes back what {@link #save} wrote.
         *
         * @throws IllegalArgumentException if it is damaged or of something else
         */
        void restore(Path folder) throws IOException;
    }

    /** The checkpoints of a run. */
    public StageCheckpoints(RunFiles files, TrainSection train, Contents contents, Monitor monitor) throws IOException {
        this.checkpoints = Checkpoints.open(files.checkpoints(), train.keepCheckpoints(), monitor::notice);
        this.contents = contents;
        this.monitor = monitor;
    }

    /**
     * Restores the newest whole checkpoint and tells how far it is; without one nothing is done yet.
     *
     * @param steps of the run
     * @throws IllegalArgumentException if the checkpoint is beyond the last step, or of something else
     */
    public TrainingState resume(int steps) throws IOException {
        Optional<Checkpoint> checkpoint = checkpoints.toResume(steps);
        if (checkpoint.isEmpty()) {
            return TrainingState.START;
        }
        Path folder = checkpoint.get().folder();
        contents.restore(folder);
        TrainingState state = TrainingState.read(folder.resolve(STATE));
        monitor.notice("Resuming after step " + state.step());
        return state;
    }

    /** Writes the checkpoint of a step. */
    public void save(TrainingState state) throws IOException {
        checkpoints.save(state.step(), folder -> {
            contents.save(folder);
            state.save(folder.resolve(STATE));
        });
    }

    /** The newest one that is whole. */
    public Optional<Checkpoint> latestValid() throws IOException {
        return checkpoints.latestValid();
    }
}
