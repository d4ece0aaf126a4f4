package dev.mynah.train.run;

import dev.mynah.files.DurableFiles;
import dev.mynah.files.JsonErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What a run is and how it stands; the run's {@code run.json}.
 *
 * @param stage {@code pretrain}, {@code sft}, ...
 * @param name what people call the run
 * @param message why the run stopped or failed, in one sentence
 * @param steps optimiser steps that are planned
 * @param parameters parameters of the model
 * @param flopsPerToken floating-point operations of training on one token, forward and backward
 * @param peakFlops peak speed of the machine that MFU is taken against, in FLOP/s
 * @param peakSource where {@code peakFlops} comes from, in words
 * @param watts power that the energy estimate assumes
 * @param wattsSource where {@code watts} comes from, in words
 * @param ranks processes that train together
 * @param data what was trained on
 */
public record RunInfo(
        Status status,
        String stage,
        String name,
        @Nullable String message,
        Instant started,
        @Nullable Instant ended,
        int steps,
        long parameters,
        double flopsPerToken,
        @Nullable Double peakFlops,
        @Nullable String peakSource,
        double watts,
        String wattsSource,
        String device,
        String dtype,
        int ranks,
        MachineInfo machine,
        List<DataSource> data) {

    /** How a run stands. */
    public enum Status {
        RUNNING,
        FINISHED,
        /** Ended by Mynah itself, for a loss that is no number or rose too far, or where nobody answers any more. */
        STOPPED,
        /** Ended by anything else that went wrong; a killed process cannot say so, and stays {@link #RUNNING}. */
        FAILED
    }

    /**
     * One source of the data.
     *
     * @param documents documents used, after cleaning
     * @param trainTokens tokens to train on
     * @param validationTokens tokens to evaluate on
     * @param dropped documents and lines left out by cleaning
     */
    public record DataSource(
            String name,
            @Nullable String source,
            @Nullable String licence,
            long documents,
            long bytes,
            long trainTokens,
            long validationTokens,
            long dropped) {}

    public RunInfo {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(started, "started");
        Objects.requireNonNull(machine, "machine");
        data = List.copyOf(data);
    }

    /** This run in another state. */
    public RunInfo with(Status status, @Nullable String message, @Nullable Instant ended) {
        return new RunInfo(
                status,
                stage,
                name,
                message,
                started,
                ended,
                steps,
                parameters,
                flopsPerToken,
                peakFlops,
                peakSource,
                watts,
                wattsSource,
                device,
                dtype,
                ranks,
                machine,
                data);
    }

    /** Writes {@code file}, whole or not at all. */
    public void write(Path file) throws IOException {
        DurableFiles.write(file, Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
    }

    /** Reads {@code file}. */
    public static RunInfo read(Path file) throws IOException {
        try {
            RunInfo info = Json.MAPPER.readValue(Files.readAllBytes(file), RunInfo.class);
            if (info == null) {
                throw new IllegalArgumentException(file + " holds null instead of the description of a run");
            }
            return info;
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + " is not the run.json of a run: " + JsonErrors.describe(e), e);
        }
    }
}
