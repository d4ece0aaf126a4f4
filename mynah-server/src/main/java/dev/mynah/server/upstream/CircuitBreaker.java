package dev.mynah.server.upstream;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Leaves an upstream alone for a while after it failed several times in a row; then one request tries whether it is back (Nygard, Release It!, 2007). */
final class CircuitBreaker {
    private static final int FAILURES = 5;
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final InstantSource clock;
    private int failures;
    private Instant pausedUntil = Instant.EPOCH;

    CircuitBreaker(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether a request may go there. */
    synchronized boolean allows() {
        return failures < FAILURES || !clock.instant().isBefore(pausedUntil);
    }

    /** A request goes there: if it is the one that tries, others wait for it. */
    synchronized void begin() {
        if (failures >= FAILURES) {
            pausedUntil = clock.instant().plus(PAUSE);
        }
    }

    synchronized void succeeded() {
        failures = 0;
    }

    synchronized void failed() {
        failures++;
        pausedUntil = clock.instant().plus(PAUSE);
    }
}
