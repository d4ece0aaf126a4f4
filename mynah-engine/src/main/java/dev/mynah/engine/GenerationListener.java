package dev.mynah.engine;

import org.jspecify.annotations.Nullable;

/** Told what happens to one request: any number of tokens, then exactly one end. */
public interface GenerationListener {

    /**
     * A token was generated.
     *
     * @param text    what may be shown since the last call, never a part of a character; empty while a character or a stop string may still be completed
     * @param logProb null where log-probabilities were not asked for
     */
    void onToken(int token, String text, @Nullable TokenLogProb logProb);

    /**
     * The end: finished, cancelled, or past its deadline.
     *
     * @param text what was held back and may be shown now
     */
    void onFinish(String text, FinishReason reason, Usage usage);

    /** The end: the model failed. What was told before stands. */
    void onFailure(RuntimeException failure, Usage usage);
}
