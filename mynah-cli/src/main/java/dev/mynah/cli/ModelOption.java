package dev.mynah.cli;

import dev.mynah.engine.LoadedModel;
import dev.mynah.tensor.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which model a command works with, and where. */
@SuppressWarnings("NullAway.Init") // picocli sets required options
final class ModelOption {
    private static final String LAYOUT =
            "a model is a folder with config.json, *.safetensors and tokenizer.json (Hugging Face layout)";

    @Option(
            names = {"-m", "--model"},
            required = true,
            paramLabel = "M",
            description = "The model: a folder with config.json, *.safetensors and tokenizer.json.")
    private Path folder;

    @Option(
            names = "--device",
            defaultValue = "cpu",
            paramLabel = "D",
            description = "Where to compute: cpu, cuda or cuda:N (default: ${DEFAULT-VALUE}).")
    private String device;

    /** Opens the model; its memory belongs to the open scope. */
    LoadedModel open() throws IOException {
        if (!Files.exists(folder)) {
            throw new IllegalArgumentException("there is no model \"" + folder + "\": " + LAYOUT);
        }
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(folder + " is a file: " + LAYOUT);
        }
        return LoadedModel.open(folder, Device.parse(device));
    }
}
