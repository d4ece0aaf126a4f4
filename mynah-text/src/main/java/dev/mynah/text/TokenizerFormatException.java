package dev.mynah.text;

/**
 * A tokenizer file that is damaged, or that asks for something Mynah does not have; the message is one sentence that
 * says which.
 */
public final class TokenizerFormatException extends IllegalArgumentException {

    TokenizerFormatException(String message) {
        super(message);
    }
}
