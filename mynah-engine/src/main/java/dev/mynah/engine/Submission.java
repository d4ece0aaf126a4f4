package dev.mynah.engine;

import java.time.Instant;

/** A request in an engine. */
final class Submission implements GenerationHandle {
    private final GenerationRequest request;
    private final long arrival;
    private volatile boolean cancelled;

    /** @param arrival rising with every request */
    Submission(GenerationRequest request, long arrival) {
        this.request = request;
        this.arrival = arrival;
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
