package dev.mynah.train.loop;

import dev.mynah.data.SourceFiles;
import dev.mynah.data.SourceSpec;
import dev.mynah.files.Digests;
import dev.mynah.files.config.Config;
import dev.mynah.files.config.ConfigInputs;
import dev.mynah.files.config.ConfigInputs.Named;
import dev.mynah.train.Datasets;
import dev.mynah.train.run.Provenance;
import dev.mynah.train.run.Provenance.Input;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Looks at everything that a configuration names to be read. */
public final class Inputs {

    private Inputs() {}

    /** What a run of {@code stage} by {@code config} is made from, with the checksums that the files have now. */
    public static Provenance provenance(String stage, Record config, Datasets datasets) throws IOException {
        return provenance(stage, config, ConfigInputs.of(config), datasets);
    }

    /** As {@link #provenance(String, Record, Datasets)} of what is {@code read}, which the configuration does not name itself. */
    public static Provenance provenance(String stage, Record config, List<Named> read, Datasets datasets)
            throws IOException {
        List<Input> inputs = new ArrayList<>();
        for (Named named : read) {
            for (SourceSpec source : datasets.resolve(named.path())) {
                for (Path file : SourceFiles.named(source.path())) {
                    inputs.add(new Input(named.key(), file.toString(), Files.size(file), Digests.ofFile(file)));
                }
            }
        }
        String version =
                Objects.requireNonNullElse(Inputs.class.getPackage().getImplementationVersion(), "development");
        return new Provenance("mynah " + version, stage, Config.toYaml(config), inputs);
    }
}
