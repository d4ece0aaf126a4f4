package dev.mynah.server.account;

/** A user whose address must be confirmed first. */
public final class EmailUnverifiedException extends RuntimeException {
    EmailUnverifiedException() {
        super("Confirm your e-mail address first: open the link in the mail that you were sent.");
    }
}
