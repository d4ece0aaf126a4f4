package dev.mynah.model.gguf;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Small GGUF files and what llama.cpp computes with them. */
final class GgufFixtures {
    private GgufFixtures() {}

    static Path path(String name) {
        try {
            return Path.of(Objects.requireNonNull(GgufFixtures.class.getResource("/gguf/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode llamaCpp() {
        try {
            return JsonMapper.shared().readTree(Files.readString(path("llamacpp.json")));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static int[] ints(JsonNode array) {
        return array.values().stream().mapToInt(JsonNode::intValue).toArray();
    }

    static double[] doubles(JsonNode array) {
        return array.values().stream().mapToDouble(JsonNode::doubleValue).toArray();
    }
}
