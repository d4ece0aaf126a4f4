package dev.mynah.server.payment;

/** The provider could not be asked, or gave no usable answer: whether money moved is not known. */
public final class ProviderException extends RuntimeException {
    public ProviderException(String message) {
        super(message);
    }

    public ProviderException(String message, Throwable cause) {
        super(message, cause);
    }
}
