package dev.mynah.cli;

import dev.mynah.model.gguf.GgufFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which model is served, and what it is called in the API. */
final class ServedModels {
    private static final String MODEL = "model";
    private static final String CONFIG = "config.json";

    private ServedModels() {}

    /**
     * Where a model is.
     *
     * @param wanted a folder, a {@code .gguf} file, the name of a run, or null for the newest run that has a model
     * @param runs   the folder of the runs
     * @throws IllegalArgumentException if there is none
     */
    static Path find(@Nullable String wanted, Path runs) throws IOException {
        if (wanted == null) {
            return newest(runs);
        }
        Path folder = Path.of(wanted);
        Path ofRun = runs.resolve(wanted).resolve(MODEL);
        if (isModel(folder)) {
            return folder;
        }
        if (isModel(ofRun)) {
            return ofRun;
        }
        throw new IllegalArgumentException("there is no model \"" + wanted
                + "\": a model is a folder with config.json, *.safetensors and tokenizer.json, a .gguf file, or the name of a run in "
                + runs);
    }

    private static Path newest(Path runs) throws IOException {
        if (!Files.isDirectory(runs)) {
            throw none(runs);
        }
        try (Stream<Path> folders = Files.list(runs)) {
            List<Path> models = folders.map(run -> run.resolve(MODEL))
                    .filter(ServedModels::isModel)
                    .toList();
            return models.stream()
                    .max(Comparator.comparing(ServedModels::madeAt))
                    .orElseThrow(() -> none(runs));
        }
    }

    private static IllegalArgumentException none(Path runs) {
        return new IllegalArgumentException("there is no model to serve: train one into " + runs
                + " (mynah train pretrain --help), or name a folder with --model");
    }

    private static boolean isModel(Path path) {
        return Files.isRegularFile(GgufFile.isNamedSo(path) ? path : path.resolve(CONFIG));
    }

    private static FileTime madeAt(Path model) {
        try {
            return Files.getLastModifiedTime(model.resolve(CONFIG));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name in the API: that of the run, or of the folder. */
    static String name(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        Path named = absolute.endsWith(MODEL) && parent != null && parent.getFileName() != null ? parent : absolute;
        return String.valueOf(named.getFileName());
    }
}
