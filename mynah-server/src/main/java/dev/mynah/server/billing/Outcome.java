package dev.mynah.server.billing;

import java.util.Locale;

/** How an answer ended. */
public enum Outcome {
    FINISHED,
    /** Whoever asked for it went away or stopped it. */
    CANCELLED,
    /** The model failed. */
    FAILED,
    /** The process that generated it is gone; what it had committed counts. */
    KILLED;

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
