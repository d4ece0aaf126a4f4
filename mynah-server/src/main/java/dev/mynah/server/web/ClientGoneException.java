package dev.mynah.server.web;

/** The client hung up before its answer was complete. */
public final class ClientGoneException extends RuntimeException {
    public ClientGoneException() {
        super("the client is gone");
    }
}
