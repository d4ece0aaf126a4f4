package dev.mynah.server.batch;

import java.util.Locale;

/** How a batch stands. */
enum BatchState {
    IN_PROGRESS,
    CANCELLING,
    FINALIZING,
    COMPLETED,
    FAILED,
    EXPIRED,
    CANCELLED;

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    static BatchState of(String id) {
        return valueOf(id.toUpperCase(Locale.ROOT));
    }
}
