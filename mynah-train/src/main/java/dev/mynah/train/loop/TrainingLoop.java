package dev.mynah.train.loop;

import dev.mynah.train.Ranks;
import dev.mynah.train.TrainingStoppedException;
import dev.mynah.train.config.TrainSection;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.RunFiles;
import java.io.IOException;
import java.nio.file.Path;

/** The steps of a stage that learns from data it is given: gradients, optimiser, measures, evaluations, checkpoints. */
public final class TrainingLoop {
    private static final String OPTIMIZER = "optimizer.safetensors";

    private final Stage stage;
    private final Optimizer optimizer;
    private final TrainSection train;
    private final Ranks ranks;
    private final StageCheckpoints checkpoints;

    /** What a stage does of its own; it keeps what is neither optimiser nor {@link TrainingState}. */
    public interface Stage extends StageCheckpoints.Contents {
        /** Adds up the gradients of this rank's part of a step; returns the mean loss of the whole step in nats. */
        double backward(int step) throws IOException;

        /** Tokens of a step, over all ranks. */
        long tokens(int step);

        /** After a step, on the first rank: evaluates and draws samples where they are due. */
        void look(int step, Journal journal) throws IOException;

        /** A loss in nats below which ups and downs mean nothing: a spike is so many times at least this one. */
        default double calmLoss() {
            return 0;
        }

        /** Whether no further step is wanted; asked by every rank after every step, and answered alike. */
        default boolean isOver() {
            return false;
        }
    }

    /**
     * A loop that has not begun.
     *
     * @param ranks the processes that train together
     */
    public TrainingLoop(
            Stage stage, Optimizer optimizer, TrainSection train, Ranks ranks, RunFiles files, Monitor monitor)
            throws IOException {
        this.stage = stage;
        this.optimizer = optimizer;
        this.train = train;
        this.ranks = ranks;
        this.checkpoints = new StageCheckpoints(files, train, contents(stage, optimizer), monitor);
    }

    private static StageCheckpoints.Contents contents(Stage stage, Optimizer optimizer) {
        return new StageCheckpoints.Contents() {
            @Override
            public void save(Path folder) throws IOException {
                stage.save(folder);
                optimizer.save(folder.resolve(OPTIMIZER));
            }

            @Override
            public void restore(Path folder) throws IOException {
                stage.restore(folder);
                optimizer.restore(folder.resolve(OPTIMIZER));
            }
        };
    }

    /**
     * What the loop begins with: nothing done, or what the newest checkpoint holds, which is restored.
     *
     * @throws IllegalArgumentException for a checkpoint that does not fit
     */
    public TrainingState start(boolean resume) throws IOException {
        return resume ? checkpoints.resume(train.steps()) : TrainingState.START;
    }

    /**
     * Takes the steps behind {@code start}.
     *
     * @throws TrainingStoppedException if the loss is no number or has leapt up; the checkpoints stay
     */
    public void run(TrainingState start, Journal journal) throws IOException {
        SpikeDetector detector = new SpikeDetector(train.spikeFactor(), train.spikeWindow(), start.recentLosses());
        Throughput throughput = Throughput.since(start);
        boolean over = stage.isOver();
        for (int step = start.step() + 1; step <= train.steps() && !over; step++) {
            optimizer.clearGradients();
            double loss = stage.backward(step);
            double norm = optimizer.gatherGradients();
            String problem = detector.problem(step, loss, norm);
            if (problem != null) {
                throw journal.stopped(problem, checkpoints.latestValid());
            }
            double learningRate = optimizer.step(step);
            detector = detector.after(Math.max(loss, stage.calmLoss()));
            throughput.add(stage.tokens(step));
            journal.step(step, loss, learningRate, norm, throughput);

            if (ranks.isFirst()) {
                stage.look(step, journal);
            }
            over = stage.isOver();
            if (ranks.isFirst() && (over || step == train.steps() || train.isDue(step, train.checkpointEvery()))) {
                checkpoints.save(new TrainingState(step, throughput.tokens(), throughput.seconds(), detector.recent()));
                journal.checkpointed();
            }
            throughput.skipPause();
        }
    }
}
