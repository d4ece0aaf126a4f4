package dev.mynah.model.gguf;

import java.io.Serial;

/** A GGUF file that is damaged or needs what is not supported; the message is one sentence that says what. */
public final class GgufFormatException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1;

    GgufFormatException(String message) {
        super(message);
    }
}
