package dev.mynah.cli;

import dev.mynah.files.Digests;
import dev.mynah.files.JsonErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The models that come with Mynah, a folder each, and {@code registry.json}, which names for each the SHA-256 of its files.
 *
 * @param root their folder
 */
record BundledModels(Path root) {
    /** What answers where no model is named. */
    static final String DEFAULT = "poet";

    private static final TypeReference<Map<String, Map<String, String>>> REGISTRY = new TypeReference<>() {};

    /**
     * The folder of a model, or null where none is called so.
     *
     * @throws IOException if a file of it is not the one that was bundled
     */
    @Nullable
    Path find(String name) throws IOException {
        Map<String, String> files = registry().get(name);
        if (files == null) {
            return null;
        }
        Path folder = root.resolve(name);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            String found = Files.isRegularFile(path) ? Digests.ofFile(path) : "no file";
            if (!found.equals(file.getValue())) {
                throw new IOException(path + " is not the file that was bundled: its sha256 is " + found + ", not "
                        + file.getValue());
            }
        }
        return folder;
    }

    private Map<String, Map<String, String>> registry() throws IOException {
        Path file = root.resolve("registry.json");
        if (!Files.exists(file)) {
            return Map.of();
        }
        try {
            return JsonMapper.shared().readValue(Files.readString(file), REGISTRY);
        } catch (JacksonException e) {
            throw new IOException(file + " is not valid JSON: " + JsonErrors.describe(e), e);
        }
    }
}
