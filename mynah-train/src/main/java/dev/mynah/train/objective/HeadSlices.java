package dev.mynah.train.objective;

import dev.mynah.model.Transformer;

/** How many positions the head of a model, and what follows it, is computed for at a time: logits in fp32 are the largest tensor of a training step, and a slice of them stays in the processor's cache. */
public final class HeadSlices {

    /** Logits in a slice: 8 MB in fp32, measured to be fastest on CPUs with some 32 MB of cache. */
    private static final long LOGITS = 2 << 20;

    private static final long FEWEST_ROWS = 512;

    private HeadSlices() {}

    /** Positions in a slice. */
    public static long rows(Transformer model) {
        return Math.max(FEWEST_ROWS, LOGITS / model.config().vocabSize());
    }
}
