package dev.mynah.cli;

import dev.mynah.engine.EngineOptions;
import dev.mynah.engine.Engines;
import dev.mynah.engine.LoadedModel;
import dev.mynah.tensor.Device;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which model a command works with, and where. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ModelOption {
    @Option(
            names = {"-m", "--model"},
            paramLabel = "M",
            description = Models.DESCRIPTION)
    private @Nullable String model;

    @Option(
            names = "--device",
            defaultValue = "cpu",
            paramLabel = "D",
            description = "Where to compute: cpu, cuda or cuda:N (default: ${DEFAULT-VALUE}).")
    private String device;

    Path path() throws IOException {
        return Models.find(model);
    }

    Device device() {
        return Device.parse(device);
    }

    /** Opens the model to score texts with; its memory belongs to the open scope. */
    LoadedModel load() throws IOException {
        return LoadedModel.open(path(), device());
    }

    /** Opens the model to generate one text at a time. */
    Engines.Served serve(DraftOption draft) throws IOException {
        return Engines.open(path(), device(), new EngineOptions(1, 0, draft.tokens()), draft.path());
    }
}
