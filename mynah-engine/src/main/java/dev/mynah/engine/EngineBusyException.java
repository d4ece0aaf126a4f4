package dev.mynah.engine;

/** More requests wait than the engine's queue holds: try again later. */
public final class EngineBusyException extends RuntimeException {
    public EngineBusyException(int waiting) {
        super("the engine is busy: " + waiting + " requests wait already");
    }
}
