package dev.mynah.engine;

import java.util.List;

/**
 * Generates for many at once. Any thread may submit; one thread of the engine's own computes, and calls the listeners.
 */
public interface Engine extends AutoCloseable {

    /**
     * Queues a request and returns at once.
     *
     * @param listener is told what happens, on the engine's thread: it must only hand on, never wait
     * @throws PromptTooLongException   if the prompt leaves no room in the model's context
     * @throws EngineBusyException      if the queue is full
     * @throws IllegalArgumentException if the prompt is empty or has ids that the model does not
     */
    GenerationHandle submit(GenerationRequest request, GenerationListener listener);

    /**
     * As {@link #submit(GenerationRequest, GenerationListener)}, for several continuations of one prompt, which is read once. The first draws with the request's seed, each further one
     * with another that follows from it.
     *
     * @param listeners one a continuation
     */
    default GenerationHandle submit(GenerationRequest request, List<GenerationListener> listeners) {
        throw new UnsupportedOperationException("this engine continues a prompt only once");
    }

    /** The most tokens that prompt and answer may have together. */
    int context();

    /** What the engine does, and has done. */
    default EngineMetrics metrics() {
        return EngineMetrics.NOTHING;
    }

    /** Cancels everything that runs or waits, and frees the memory. */
    @Override
    void close();
}
