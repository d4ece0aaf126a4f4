package dev.mynah.server.answer;

/** An operator has stopped the service. */
public final class ServiceStoppedException extends RuntimeException {
    public ServiceStoppedException() {
        super("The service is stopped by its operators: nothing is generated until they resume it.");
    }
}
