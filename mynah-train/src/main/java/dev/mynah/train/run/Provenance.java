package dev.mynah.train.run;

import dev.mynah.files.DurableFiles;
import dev.mynah.files.JsonErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.SequencedSet;
import tools.jackson.core.JacksonException;

/**
 * What a result was made from: the {@code provenance.json} in a run's folder and beside the model that it made. A model that was made from another holds the checksum of that one's weights and of its
 * provenance, so that the chain can be followed back to the data.
 *
 * @param program name and version of what made it
 * @param stage {@code pretrain}, {@code sft}, ...
 * @param config the resolved configuration in YAML
 * @param inputs every file that was learned from or begun with
 */
public record Provenance(String program, String stage, String config, List<Input> inputs) {

    /** The file's name. */
    public static final String FILE = "provenance.json";

    /**
     * A file as it was when the run began.
     *
     * @param key the configuration key that named it
     * @param sha256 of its bytes, in lower-case hexadecimal
     */
    public record Input(String key, String path, long bytes, String sha256) {
        public Input {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(sha256, "sha256");
        }
    }

    public Provenance {
        Objects.requireNonNull(program, "program");
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(config, "config");
        inputs = List.copyOf(inputs);
    }

    /** {@code later}, made from these inputs too. */
    public Provenance and(Provenance later) {
        SequencedSet<Input> all = new LinkedHashSet<>(inputs);
        all.addAll(later.inputs);
        return new Provenance(later.program, later.stage, later.config, List.copyOf(all));
    }

    /** The keys whose files are of another content than in {@code other}, wherever they lie. */
    public SequencedSet<String> changedKeys(Provenance other) {
        SequencedSet<String> changed = keysBeyond(other);
        changed.addAll(other.keysBeyond(this));
        return changed;
    }

    /** The keys with a file whose content {@code other} does not hold. */
    public SequencedSet<String> keysBeyond(Provenance other) {
        SequencedSet<String> keys = new LinkedHashSet<>();
        inputs.stream().filter(input -> !other.holds(input)).map(Input::key).forEach(keys::add);
        return keys;
    }

    private boolean holds(Input input) {
        return inputs.stream()
                .anyMatch(
                        held -> held.key().equals(input.key()) && held.sha256().equals(input.sha256()));
    }

    /** Writes {@code file}, whole or not at all. */
    public void write(Path file) throws IOException {
        DurableFiles.write(file, Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
    }

    /** Reads {@code file}. */
    public static Provenance read(Path file) throws IOException {
        try {
            Provenance provenance = Json.MAPPER.readValue(Files.readAllBytes(file), Provenance.class);
            if (provenance == null) {
                throw new IllegalArgumentException(file + " holds null instead of a provenance");
            }
            return provenance;
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + " is no provenance: " + JsonErrors.describe(e), e);
        }
    }
}
