package dev.mynah.train.recipe;

import dev.mynah.files.DurableFiles;
import dev.mynah.files.config.Config;
import dev.mynah.files.config.ConfigInputs;
import dev.mynah.train.Ranks;
import dev.mynah.train.RunOptions;
import dev.mynah.train.loop.Inputs;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.Provenance;
import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.RunInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Stages one after the other, each in a folder of its own, gone on with where it was broken off, and not done again. */
record StageChain(RunOptions options, Ranks ranks, Monitor monitor) {

    /** A stage of training. */
    interface Stage<T> {
        void run(T config, RunOptions options, Ranks ranks, Monitor monitor) throws IOException;
    }

    Path folder(String name) {
        return options.out().resolve(name);
    }

    /** The model that a stage makes. */
    Path model(String name) {
        return new RunFiles(folder(name)).model();
    }

    /** Whether a stage is finished. */
    boolean isDone(String name) throws IOException {
        Path info = new RunFiles(folder(name)).info();
        return Files.exists(info) && RunInfo.read(info).status() == RunInfo.Status.FINISHED;
    }

    /**
     * Does what is left of a stage.
     *
     * @throws IllegalArgumentException if it is done already, but by another configuration or from other files
     */
    <T extends Record> void stage(String name, T config, Stage<T> stage) throws IOException {
        if (!isDone(name)) {
            run(name, config, stage);
            return;
        }
        Provenance before = before(name, config);
        keepDone(name, before.changedKeys(now(name, config)));
    }

    /**
     * As {@link #stage}, where a stage that is done may have been made from less or more than it would be now.
     *
     * @param own names what it must have been made from all the same
     */
    <T extends Record> void stageOfGrowingData(String name, T config, T own, Stage<T> stage) throws IOException {
        if (!isDone(name)) {
            run(name, config, stage);
            return;
        }
        Provenance before = before(name, own);
        keepDone(name, now(name, own).keysBeyond(before));
    }

    private <T extends Record> void run(String name, T config, Stage<T> stage) throws IOException {
        monitor.notice("The stage " + name);
        stage.run(config, new RunOptions(folder(name), true, options.device(), options.datasets()), ranks, monitor);
    }

    /** What a stage would be made from now. */
    private Provenance now(String name, Record config) throws IOException {
        return Inputs.provenance(name, config, options.datasets());
    }

    /** What a finished stage was made from, by a configuration that is {@code config} but for its files. */
    private Provenance before(String name, Record config) throws IOException {
        RunFiles files = new RunFiles(folder(name));
        if (!Files.exists(files.provenance())) {
            throw madeByOlder(files.folder());
        }
        Record before = Config.read(config.getClass(), files.config(), List.of());
        if (!ConfigInputs.leftOutOf(before).equals(ConfigInputs.leftOutOf(config))) {
            throw madeOtherwise(files.folder(), "by another configuration");
        }
        return Provenance.read(files.provenance());
    }

    private void keepDone(String name, Set<String> changedKeys) {
        if (!changedKeys.isEmpty()) {
            throw madeOtherwise(folder(name), "from other files (" + String.join(", ", changedKeys) + ")");
        }
        monitor.notice("The stage " + name + " is done already");
    }

    /** What to say of a folder that was made before it was written down from what. */
    static IllegalArgumentException madeByOlder(Path folder) {
        return new IllegalArgumentException(
                folder
                        + " was made by an older Mynah, which did not write down from what, so that it cannot be gone on with; give another --out, or remove that folder and all that was made after it (its finished models can be used as they are)");
    }

    /** What to say of a folder whose contents are not what would be made now. */
    static IllegalArgumentException madeOtherwise(Path folder, String how) {
        return new IllegalArgumentException("What is in " + folder + " was made " + how
                + " than it would be now; give another --out, or remove that folder and all that was made after it");
    }

    /** Makes the model of a stage the result of all, in the place of an earlier one. */
    void keepModel(String name) throws IOException {
        Path result = folder("model");
        Path made = model(name);
        if (Files.exists(result)) {
            if (Files.mismatch(result.resolve(Provenance.FILE), made.resolve(Provenance.FILE)) == -1) {
                return;
            }
            DurableFiles.deleteTree(result);
        }
        Path making = Files.createDirectories(folder(".model"));
        try (Stream<Path> files = Files.list(made)) {
            for (Path file : files.toList()) {
                Path copy = making.resolve(file.getFileName().toString());
                DurableFiles.write(copy, Files.readAllBytes(file));
            }
        }
        DurableFiles.replace(making, result);
    }

    /** An override that sets a key to a path. */
    static String path(String key, Path path) {
        return key + "=" + quoted(path.toString());
    }

    /** An override that sets a key to paths. */
    static String paths(String key, List<String> paths) {
        return key + "=[" + paths.stream().map(StageChain::quoted).collect(Collectors.joining(", ")) + "]";
    }

    private static String quoted(String path) {
        return "\"" + path.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
