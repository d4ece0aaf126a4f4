package dev.mynah.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON files that people name. */
public final class JsonFiles {
    private JsonFiles() {}

    /**
     * What a file holds.
     *
     * @throws IllegalArgumentException if it is not JSON; the message names the file and the place
     */
    public static JsonNode read(Path file) throws IOException {
        try {
            return JsonMapper.shared().readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + " is not valid JSON: " + JsonErrors.describe(e), e);
        }
    }
}
