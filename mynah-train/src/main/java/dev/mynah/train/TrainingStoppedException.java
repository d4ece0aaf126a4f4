package dev.mynah.train;

import org.jspecify.annotations.Nullable;

/** Training cannot go on as it is; the message says why and what is left to go on from. */
public final class TrainingStoppedException extends RuntimeException {

    public TrainingStoppedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
