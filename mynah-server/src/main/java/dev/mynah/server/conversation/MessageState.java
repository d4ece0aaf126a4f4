package dev.mynah.server.conversation;

import dev.mynah.server.billing.Outcome;
import java.util.Locale;

/** How far a message is. */
public enum MessageState {
    COMPLETE,
    RUNNING,
    /** Its reader stopped it; the part stays. */
    STOPPED,
    /** Its process was killed; the part that was committed stays. */
    INTERRUPTED,
    /** The model failed; the part stays. */
    FAILED;

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static MessageState of(String id) {
        return valueOf(id.toUpperCase(Locale.ROOT));
    }

    static MessageState after(Outcome outcome) {
        return switch (outcome) {
            case FINISHED -> COMPLETE;
            case CANCELLED -> STOPPED;
            case FAILED -> FAILED;
            case KILLED -> INTERRUPTED;
        };
    }
}
