package dev.mynah.engine;

import dev.mynah.text.StreamDecoder;
import dev.mynah.text.Tokenizer;
import java.util.List;

/** Makes text of the tokens of one generation, never a part of a character, up to a stop string. */
final class TextWriter {
    private final Tokenizer tokenizer;
    private final StreamDecoder decoder;
    private final StopStrings stops;

    TextWriter(Tokenizer tokenizer, List<String> stop) {
        this.tokenizer = tokenizer;
        decoder = new StreamDecoder(tokenizer, true);
        stops = new StopStrings(stop);
    }

    /** The text that may be shown now that {@code token} follows. */
    String write(int token) {
        // A model's vocabulary is often rounded up: ids that the tokenizer does not know have no text.
        return token < tokenizer.vocabSize() ? stops.feed(decoder.feed(token)) : "";
    }

    /** The text that was held back, when no more tokens follow. */
    String finish() {
        String text = stops.feed(decoder.flush());
        return text + stops.flush();
    }

    /** Whether a stop string has appeared. */
    boolean stopped() {
        return stops.found();
    }
}
