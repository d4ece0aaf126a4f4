package dev.mynah.server.billing;

/**
 * Tokens that are paid for.
 *
 * @param cached how many of the prompt's tokens were in the cache
 */
public record TokenCounts(int prompt, int cached, int completion) {
    public TokenCounts {
        if (cached < 0 || prompt < cached || completion < 0) {
            throw new IllegalArgumentException("impossible counts: " + prompt + " prompt tokens, " + cached
                    + " cached, " + completion + " generated");
        }
    }

    public long total() {
        return (long) prompt + completion;
    }

    /** What is charged of these: nothing where nothing was delivered, be it a token or, by an answer that has none, its end. */
    public TokenCounts charged(Outcome outcome) {
        return completion == 0 && outcome != Outcome.FINISHED ? new TokenCounts(0, 0, 0) : this;
    }
}
