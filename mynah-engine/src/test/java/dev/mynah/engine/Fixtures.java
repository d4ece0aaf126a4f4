package dev.mynah.engine;

import dev.mynah.tensor.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Hugging Face transformers does with tiny models; see src/test/fixtures/README.md. */
final class Fixtures {
    private Fixtures() {}

    static Path path(String name) {
        URL url = Objects.requireNonNull(Fixtures.class.getResource("/fixtures/" + name));
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(String name) {
        return JsonMapper.shared().readTree(path(name));
    }

    /** The open scope owns its memory. */
    static LoadedModel model(String name) {
        try {
            return LoadedModel.open(path(name), Device.CPU);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TextGenerator generator(LoadedModel model) {
        return new TextGenerator(
                model.model(), model.text().tokenizer(), model.text().endIds(), model.compute());
    }

    static int[] ints(JsonNode array) {
        return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
    }

    static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).asDouble();
        }
        return values;
    }
}
