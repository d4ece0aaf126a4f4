package dev.mynah.engine;

import dev.mynah.text.Tokenizer;
import java.io.IOException;
import java.util.Set;

/** Opens a model on the thread that will use and close it. */
@FunctionalInterface
public interface ModelFactory {

    Opened open() throws IOException;

    /**
     * What an engine needs of a model.
     *
     * @param endIds tokens that end a text
     */
    record Opened(ModelRunner runner, Tokenizer tokenizer, Set<Integer> endIds) {
        public Opened {
            endIds = Set.copyOf(endIds);
        }
    }
}
