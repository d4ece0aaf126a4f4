package dev.mynah.engine;

import dev.mynah.files.JsonFiles;
import dev.mynah.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** How the hidden states of a text's tokens become one vector. */
enum Pooling {
    /** Their mean. */
    MEAN,
    /** That of the first token. */
    FIRST,
    /** That of the last token, which in a decoder has seen all others. */
    LAST;

    private static final String FILE = "1_Pooling/config.json";

    /**
     * What a folder of sentence-transformers names, or {@code otherwise} where it names nothing.
     *
     * @throws IllegalArgumentException if it names what is not supported
     */
    static Pooling of(Path folder, Pooling otherwise) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return otherwise;
        }
        JsonNode config = JsonFiles.read(file);
        if (config.path("pooling_mode_mean_tokens").asBoolean(false)) {
            return MEAN;
        }
        if (config.path("pooling_mode_cls_token").asBoolean(false)) {
            return FIRST;
        }
        if (config.path("pooling_mode_lasttoken").asBoolean(false)) {
            return LAST;
        }
        throw new IllegalArgumentException(file + ": supported are the mean, the first and the last token");
    }

    /** The vector {@code [width]} of {@code hidden}, {@code [1, time, width]}. */
    Tensor apply(Tensor hidden) {
        long time = hidden.size(1);
        Tensor pooled = switch (this) {
            case MEAN -> hidden.mean(1, false);
            case FIRST -> hidden.narrow(1, 0, 1);
            case LAST -> hidden.narrow(1, time - 1, 1);
        };
        return pooled.reshape(-1);
    }
}
