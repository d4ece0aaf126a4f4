package dev.mynah.engine;

import java.time.Duration;

/**
 * The state of an engine after a step, and what it has done since it was opened.
 *
 * @param running         sequences that are computed
 * @param waiting         sequences that wait, for the first time or after a pre-emption
 * @param usedBlocks      blocks of the cache that sequences refer to
 * @param cachedBlocks    blocks that nobody refers to, kept for a text that begins alike
 * @param freeBlocks      blocks with nothing in them
 * @param promptTokens    tokens read, those read again after a pre-emption included
 * @param cachedTokens    tokens that were found in the cache instead
 * @param generatedTokens tokens written
 * @param preemptions     how often a sequence had to give its blocks to another
 * @param steps           passes over the model
 * @param lastStep        how long the last one took, with sampling and listeners
 */
public record EngineMetrics(
        int running,
        int waiting,
        int usedBlocks,
        int cachedBlocks,
        int freeBlocks,
        long promptTokens,
        long cachedTokens,
        long generatedTokens,
        long preemptions,
        long steps,
        Duration lastStep) {

    /** Of an engine that has done nothing. */
    static final EngineMetrics NOTHING = new EngineMetrics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO);
}
