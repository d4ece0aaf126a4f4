package dev.mynah.engine;

/** A request that was submitted. */
public interface GenerationHandle {

    /** Ends the request with {@link FinishReason#CANCELLED} before its next token, and frees its memory; without effect once it has ended. */
    void cancel();
}
