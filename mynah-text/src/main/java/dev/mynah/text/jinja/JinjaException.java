package dev.mynah.text.jinja;

/**
 * A template that cannot be read, that fails, that refuses a conversation, or that wants too much; the message is one
 * sentence.
 */
public final class JinjaException extends IllegalArgumentException {

    JinjaException(String message) {
        super(message);
    }

    /** The same, with the line of the template where it happened. */
    JinjaException at(int line) {
        String message = String.valueOf(getMessage());
        return message.startsWith("chat template")
                ? this
                : new JinjaException("chat template, line " + line + ": " + message);
    }
}
