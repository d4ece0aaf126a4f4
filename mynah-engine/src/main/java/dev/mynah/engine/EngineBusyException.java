package dev.mynah.engine;

/** More is asked for than there is room for, as of requests that wait: try again later. */
public final class EngineBusyException extends RuntimeException {
    public EngineBusyException(int waiting) {
        this("the engine is busy: " + waiting + " requests wait already");
    }

    public EngineBusyException(String reason) {
        super(reason);
    }
}
