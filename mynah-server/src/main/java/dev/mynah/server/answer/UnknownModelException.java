package dev.mynah.server.answer;

/** A model that is not offered, or not now. */
public final class UnknownModelException extends RuntimeException {
    public UnknownModelException(String model) {
        super("The model `" + model + "` does not exist or you do not have access to it.");
    }
}
