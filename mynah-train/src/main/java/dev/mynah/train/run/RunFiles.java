package dev.mynah.train.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where the files of a run lie. */
public record RunFiles(Path folder) {

    /** The resolved configuration. */
    public Path config() {
        return folder.resolve("config.yaml");
    }

    /** {@link RunInfo}: what the run is and how it stands. */
    public Path info() {
        return folder.resolve("run.json");
    }

    /** {@link Provenance} of what the run makes; a copy goes beside the model. */
    public Path provenance() {
        return folder.resolve(Provenance.FILE);
    }

    /** {@link StepLog} of {@link StepMetrics} and {@link EvalMetrics}. */
    public Path metrics() {
        return folder.resolve("metrics.jsonl");
    }

    /** {@link StepLog} of {@link Sample}s. */
    public Path samples() {
        return folder.resolve("samples.jsonl");
    }

    /** Folder of TensorBoard's event files. */
    public Path tensorBoard() {
        return folder.resolve("tensorboard");
    }

    /** Folder of the tokenizer. */
    public Path tokenizer() {
        return folder.resolve("tokenizer");
    }

    /** Folder of the token shards. */
    public Path shards() {
        return folder.resolve("shards");
    }

    /** Folder of {@link Checkpoints}. */
    public Path checkpoints() {
        return folder.resolve("checkpoints");
    }

    /** Folder of the trained model. */
    public Path model() {
        return folder.resolve("model");
    }

    /** Folder of the low-rank adapter that was trained, beside the model that it is merged into. */
    public Path adapter() {
        return folder.resolve("adapter");
    }

    /** Folder of the checkpoint with the lowest validation loss, where a stage stops early. */
    public Path best() {
        return folder.resolve("best");
    }

    /** The report for people. */
    public Path report() {
        return folder.resolve("report.html");
    }

    /** Whether anything that a run writes is there. */
    public boolean holdsRun() {
        return Stream.of(config(), info(), metrics(), checkpoints(), model()).anyMatch(Files::exists);
    }
}
