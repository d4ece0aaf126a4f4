package dev.mynah.train.loop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which evaluation was the best so far, and how many worse ones followed. Immutable; a checkpoint keeps it.
 *
 * @param bestStep step of the lowest validation loss, 0 before the first evaluation
 * @param bestLoss that loss
 * @param worse evaluations since then
 */
public record EarlyStopping(int bestStep, double bestLoss, int worse) {

    /** Nothing is evaluated yet. */
    public static final EarlyStopping START = new EarlyStopping(0, Double.MAX_VALUE, 0);

    private static final JsonMapper JSON = JsonMapper.shared();

    /** After an evaluation; a loss that is no number counts as a worse one. */
    public EarlyStopping after(int step, double loss) {
        return loss < bestLoss ? new EarlyStopping(step, loss, 0) : new EarlyStopping(bestStep, bestLoss, worse + 1);
    }

    /** Whether the evaluation of {@code step} was the best. */
    public boolean isBest(int step) {
        return bestStep == step;
    }

    /** Whether {@code patience} evaluations have passed since the best one; never for a patience of 0. */
    public boolean isOver(int patience) {
        return patience > 0 && worse >= patience;
    }

    /** Writes it as JSON. */
    public void save(Path file) throws IOException {
        Files.writeString(file, JSON.writeValueAsString(this));
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws IllegalArgumentException if the file holds no such thing
     */
    public static EarlyStopping read(Path file) throws IOException {
        try {
            return JSON.readValue(Files.readString(file), EarlyStopping.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + " does not say which evaluation was the best", e);
        }
    }
}
