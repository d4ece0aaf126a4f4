package dev.mynah.engine;

/**
 * What an engine takes on.
 *
 * @param running     the most sequences that it computes at once
 * @param waiting     the most that may wait beside them; one more is refused with {@link EngineBusyException}
 * @param draftTokens the most tokens to guess and check in one pass, or 0: by a draft model where there is one, else from what stands in a text already (prompt lookup). The output is the same,
 *     and comes sooner where guesses hold
 */
public record EngineOptions(int running, int waiting, int draftTokens) {

    /** 64 at once, 1,024 that wait, no guesses. */
    public static final EngineOptions DEFAULT = new EngineOptions(64, 1024, 0);

    public EngineOptions {
        require(running >= 1, "an engine computes at least 1 sequence at once, not " + running);
        require(waiting >= 0, "an engine lets 0 or more sequences wait, not " + waiting);
        require(draftTokens >= 0 && draftTokens <= 64, "an engine guesses 0 to 64 tokens, not " + draftTokens);
    }

    /** The same with another number of tokens to guess. */
    public EngineOptions withDraftTokens(int tokens) {
        return new EngineOptions(running, waiting, tokens);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
