package dev.mynah.train.loop;

import dev.mynah.train.Ranks;
import dev.mynah.train.config.TrainSection;

/**
 * This rank's part of a batch.
 *
 * @param batch rows of a step, over all ranks
 * @param rank this rank's number
 * @param rows rows of a step that this rank takes
 * @param microBatch rows of one pass
 */
public record BatchShare(int batch, int rank, int rows, int microBatch) {

    /** @throws IllegalArgumentException where the division has a remainder */
    public static BatchShare of(TrainSection train, Ranks ranks) {
        int rows = share(train.batch(), ranks.size(), "train.batch", "ranks");
        int microBatch = train.microBatch() == null ? rows : train.microBatch();
        share(rows, microBatch, "the batch of a rank", "train.micro_batch");
        return new BatchShare(train.batch(), ranks.rank(), rows, microBatch);
    }

    /** The place of this rank's first row of a step in the endless sequence of rows; steps count from 1. */
    public long firstRow(int step) {
        return (long) (step - 1) * batch + (long) rank * rows;
    }

    private static int share(int whole, int parts, String wholeName, String partsName) {
        if (whole % parts != 0) {
            throw new IllegalArgumentException(
                    wholeName + " (" + whole + ") is not divisible by " + partsName + " (" + parts + ")");
        }
        return whole / parts;
    }
}
