package dev.mynah.data;

import dev.mynah.files.DurableFiles;
import dev.mynah.files.JsonErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes {@code manifest.json}. */
final class ManifestFile {

    static final String NAME = "manifest.json";

    /** A manifest of a million source files stays below this. */
    private static final long MAX_BYTES = 512L << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ManifestFile() {}

    static void write(Path folder, ShardManifest manifest) throws IOException {
        DurableFiles.write(folder.resolve(NAME), JSON.writeValueAsBytes(manifest));
    }

    static ShardManifest read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            throw new ShardFormatException(folder + " is no folder of token shards: it has no " + NAME);
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new ShardFormatException(file + " has " + Files.size(file) + " bytes, more than a manifest may have");
        }
        try {
            ShardManifest manifest = JSON.readValue(Files.readAllBytes(file), ShardManifest.class);
            if (manifest == null) {
                throw new ShardFormatException(file + " holds null instead of a manifest");
            }
            return manifest;
        } catch (JacksonException e) {
            throw new ShardFormatException(file + " is no manifest of token shards: " + JsonErrors.describe(e));
        }
    }

    /** One line of JSON for any value of this package, the same for equal values. */
    static String canonical(Object value) {
        return JSON.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value);
    }
}
