package dev.mynah.engine;

import java.time.Duration;

/**
 * How many tokens of prompts one step may read, so that it does not hold up those whose answers are being written (chunked prefill, Agrawal et al. 2023).
 *
 * <p>Steps aim at a duration: half of the 200 ms that a stranger's long prompt may cost, since the estimate is one, and longer ones while there is nobody to hold up. What a step can
 * read in that time follows from the speed of the last full one, which includes its decoding. The speed may double or halve with a step: it is unknown at first, and a pause of the
 * machine should not be taken for the rule.
 */
final class PrefillBudget {
    /** A step never reads fewer, however slow the machine: prompts must come to their end. */
    private static final int LEAST = 16;
    /** Matrix products gain nothing from more, and the scores of attention take memory for each. */
    private static final int MOST = 512;

    private static final Duration BESIDE_OTHERS = Duration.ofMillis(100);
    private static final Duration ALONE = Duration.ofMillis(400);
    private static final double FIRST_TOKENS_PER_SECOND = 250;

    private double tokensPerSecond = FIRST_TOKENS_PER_SECOND;
    private double target;
    private int budget;

    /**
     * What the next step may read.
     *
     * @param others whether it decodes for somebody too
     */
    int next(boolean others) {
        target = (others ? BESIDE_OTHERS : ALONE).toNanos() / 1e9;
        budget = Math.clamp(Math.round(tokensPerSecond * target), LEAST, MOST);
        return budget;
    }

    /** Learns from a step. One that read less than it might have tells nothing of the speed, unless it took too long all the same. */
    void measured(int tokens, long nanos) {
        double seconds = Math.max(1, nanos) / 1e9;
        if (tokens >= budget || seconds > target) {
            tokensPerSecond = Math.clamp(tokens / seconds, tokensPerSecond / 2, tokensPerSecond * 2);
        }
    }
}
