package dev.mynah.server.mail;

/** A mail that will never be taken. */
public final class MailRefusedException extends Exception {
    MailRefusedException(Throwable cause) {
        // The other side's words name the recipient, who has no place in a log.
        super(cause.getClass().getSimpleName(), cause);
    }
}
