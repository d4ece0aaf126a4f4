package dev.mynah.server.answer;

/** Nothing is generated now: an operator has stopped the service, or this process ends. */
public final class ServiceStoppedException extends RuntimeException {
    public ServiceStoppedException() {
        super("The service is stopped by its operators: nothing is generated until they resume it.");
    }

    private ServiceStoppedException(String message) {
        super(message);
    }

    /** This process ends; others, or the next one, go on. */
    public static ServiceStoppedException restarting() {
        return new ServiceStoppedException("The service is restarting. Try again in a moment.");
    }
}
