package dev.mynah.server.account;

/** A key that may not be used for this. */
public final class ScopeException extends RuntimeException {
    ScopeException(String scope) {
        super("This API key lacks the scope \"" + scope + "\".");
    }
}
