package dev.mynah.train.loop;

import dev.mynah.files.JsonErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How far a run has come: what a checkpoint holds beside the weights and the optimiser's moments. The order of the data and the learning rate follow from the step.
 *
 * @param step optimiser steps done
 * @param tokens tokens trained on
 * @param seconds time that took
 * @param recentLosses what the {@link SpikeDetector} remembers
 */
public record TrainingState(int step, long tokens, double seconds, List<Double> recentLosses) {

    /** Nothing is done yet. */
    public static final TrainingState START = new TrainingState(0, 0, 0, List.of());

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    public TrainingState {
        recentLosses = List.copyOf(recentLosses);
    }

    /** Writes the state as JSON. */
    public void save(Path file) throws IOException {
        Files.writeString(file, JSON.writeValueAsString(this));
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws IllegalArgumentException if the file holds no such thing
     */
    public static TrainingState read(Path file) throws IOException {
        try {
            TrainingState state = JSON.readValue(Files.readAllBytes(file), TrainingState.class);
            if (state == null) {
                throw new IllegalArgumentException(file + " holds null instead of the state of a run");
            }
            return state;
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + " is not the state of a run: " + JsonErrors.describe(e), e);
        }
    }
}
