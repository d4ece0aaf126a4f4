package dev.mynah.cli;

import dev.mynah.engine.EngineOptions;
import dev.mynah.engine.Engines;
import dev.mynah.engine.LoadedModel;
import dev.mynah.model.gguf.GgufFile;
import dev.mynah.tensor.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which model a command works with, and where. */
@SuppressWarnings("NullAway.Init") // picocli sets required options
final class ModelOption {
    private static final String LAYOUT =
            "a model is a folder with config.json, *.safetensors and tokenizer.json (Hugging Face layout), a .gguf file,"
                    + " or a name that was pulled";

    @Option(
            names = {"-m", "--model"},
            required = true,
            paramLabel = "M",
            description =
                    "The model: a folder with config.json, *.safetensors and tokenizer.json, a .gguf file, or a name that was pulled.")
    private Path model;

    @Option(
            names = "--device",
            defaultValue = "cpu",
            paramLabel = "D",
            description = "Where to compute: cpu, cuda or cuda:N (default: ${DEFAULT-VALUE}).")
    private String device;

    /** Opens the model to score texts with; its memory belongs to the open scope. */
    LoadedModel load() throws IOException {
        return LoadedModel.open(path(), Device.parse(device));
    }

    /** Opens the model to generate one text at a time. */
    Engines.Served serve() throws IOException {
        return Engines.open(path(), Device.parse(device), new EngineOptions(1, 0, 0));
    }

    private Path path() throws IOException {
        Path path = Files.exists(model) ? model : HubCache.ofUser().model(model.toString());
        if (path == null) {
            throw new IllegalArgumentException("there is no model \"" + model + "\": " + LAYOUT);
        }
        if (!Files.isDirectory(path) && !GgufFile.isNamedSo(path)) {
            throw new IllegalArgumentException(path + " is a file: " + LAYOUT);
        }
        return path;
    }
}
