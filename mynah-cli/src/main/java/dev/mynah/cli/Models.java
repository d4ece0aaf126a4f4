package dev.mynah.cli;

import dev.mynah.model.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds models by what people call them. */
final class Models {
    /** What can be said for {@code --model}. */
    static final String DESCRIPTION =
            "The model: a folder with config.json, *.safetensors and tokenizer.json, a .gguf file, or the name of a bundled model, of a run in Mynah's folder runs, or of a model that was pulled (default: "
                    + BundledModels.DEFAULT + ").";

    private static final String LAYOUT =
            "a model is a folder with config.json, *.safetensors and tokenizer.json (Hugging Face layout), a .gguf file, or the name of a bundled model, of a run, or of a model that was pulled";

    private static final String MODEL = "model";

    private Models() {}

    /**
     * Where a model is.
     *
     * @param wanted null for the bundled one
     * @throws IllegalArgumentException if there is none
     */
    static Path find(@Nullable String wanted) throws IOException {
        String name = wanted == null ? BundledModels.DEFAULT : wanted;
        Path path = Path.of(name);
        if (wanted != null && Files.exists(path)) {
            if (!Files.isDirectory(path) && !GgufFile.isNamedSo(path)) {
                throw new IllegalArgumentException(path + " is a file: " + LAYOUT);
            }
            return path;
        }
        if (HubCache.isName(name)) {
            Path bundled = new BundledModels(Home.models()).find(name);
            Path ofRun = Home.runs().resolve(name).resolve(MODEL);
            Path named = bundled != null
                    ? bundled
                    : isModel(ofRun) ? ofRun : HubCache.ofUser().model(name);
            if (named != null) {
                return named;
            }
        }
        throw none(name);
    }

    private static IllegalArgumentException none(String wanted) {
        return new IllegalArgumentException("there is no model \"" + wanted + "\": " + LAYOUT);
    }

    private static boolean isModel(Path path) {
        return Files.isRegularFile(GgufFile.isNamedSo(path) ? path : path.resolve("config.json"));
    }

    /** The name in the API: that of the run, or of the folder or file. */
    static String name(Path model) {
        Path absolute = model.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        Path named = absolute.endsWith(MODEL) && parent != null && parent.getFileName() != null ? parent : absolute;
        return String.valueOf(named.getFileName());
    }
}
