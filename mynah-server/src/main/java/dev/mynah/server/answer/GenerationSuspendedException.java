package dev.mynah.server.answer;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The user asked too often for what is not allowed, and may ask for nothing until a certain time. */
public final class GenerationSuspendedException extends RuntimeException {
    GenerationSuspendedException(Instant until) {
        super("Generation is suspended for this account until " + until.truncatedTo(ChronoUnit.SECONDS)
                + ", since it asked several times for what is not allowed. An operator can lift this earlier.");
    }
}
