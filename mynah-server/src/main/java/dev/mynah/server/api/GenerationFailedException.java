package dev.mynah.server.api;

/** The model failed in the middle of an answer. */
final class GenerationFailedException extends RuntimeException {
    GenerationFailedException(RuntimeException cause) {
        super("the model failed", cause);
    }
}
