package dev.mynah.engine;

/**
 * What an engine takes on.
 *
 * @param running the most sequences that it computes at once
 * @param waiting the most that may wait beside them; one more is refused with {@link EngineBusyException}
 */
public record EngineOptions(int running, int waiting) {

    /** 64 at once, and 1,024 that wait. */
    public static final EngineOptions DEFAULT = new EngineOptions(64, 1024);

    public EngineOptions {
        if (running < 1 || waiting < 0) {
            throw new IllegalArgumentException(
                    "an engine computes at least 1 sequence at once, and lets 0 or more wait, not %d and %d"
                            .formatted(running, waiting));
        }
    }
}
