package dev.mynah.engine;

import dev.mynah.text.Tokenizer;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens a model on the thread that will use and close it. */
@FunctionalInterface
public interface ModelFactory {

    Opened open() throws IOException;

    /**
     * What an engine needs of a model.
     *
     * @param endIds tokens that end a text
     * @param draft  a smaller model of the same tokens that guesses for this one, or null
     */
    record Opened(
            ModelRunner runner,
            Tokenizer tokenizer,
            Set<Integer> endIds,
            @Nullable ModelRunner draft) {
        public Opened {
            endIds = Set.copyOf(endIds);
        }

        /** A model for which no other guesses. */
        public Opened(ModelRunner runner, Tokenizer tokenizer, Set<Integer> endIds) {
            this(runner, tokenizer, endIds, null);
        }
    }
}
