package dev.mynah.engine;

import java.time.Instant;

/** A request in an engine. */
final class Submission implements GenerationHandle {
    private final GenerationRequest request;
    private final long arrival;
    private final String prefixes;
    private volatile boolean cancelled;

    /**
     * A request that has just come.
     *
     * @param arrival rising with every request
     * @param adapter number of the request's adapter, never used again, or 0 for none
     */
    Submission(GenerationRequest request, long arrival, long adapter) {
        this.request = request;
        this.arrival = arrival;
        prefixes = request.tenant() + '\0' + adapter;
    }

    /** Who may share what has been read: keys and values are of one tenant and one adapter. */
    String prefixes() {
        return prefixes;
    }

    GenerationRequest request() {
        return request;
    }

    long arrival() {
        return arrival;
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    boolean isOverdue(Instant now) {
        Instant deadline = request.deadline();
        return deadline != null && !now.isBefore(deadline);
    }
}
