package dev.mynah.server.answer;

/** The model failed before its answer was complete. */
public final class GenerationFailedException extends RuntimeException {
    public GenerationFailedException(RuntimeException cause) {
        super("the model failed", cause);
    }
}
