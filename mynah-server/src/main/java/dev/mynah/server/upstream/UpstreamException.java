package dev.mynah.server.upstream;

/** An upstream that did not answer as it should. */
public final class UpstreamException extends RuntimeException {
    private final boolean refused;

    private UpstreamException(String message, boolean refused) {
        super(message);
        this.refused = refused;
    }

    /** It, or all of them, cannot answer now. */
    static UpstreamException unavailable(String message) {
        return new UpstreamException(message, false);
    }

    /** It says that the request is wrong. */
    static UpstreamException refused(String message) {
        return new UpstreamException(message, true);
    }

    /** Whether the request is at fault, so that nobody else would answer it either. */
    public boolean isRefused() {
        return refused;
    }
}
