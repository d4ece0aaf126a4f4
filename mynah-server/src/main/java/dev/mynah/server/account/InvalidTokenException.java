package dev.mynah.server.account;

/** A link that is unknown, used or expired. */
public final class InvalidTokenException extends RuntimeException {
    InvalidTokenException() {
        super("This link is no longer good: it was used, is too old, or is incomplete. Ask for a new one.");
    }
}
