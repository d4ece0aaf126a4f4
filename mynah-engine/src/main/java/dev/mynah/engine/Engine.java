package dev.mynah.engine;

import java.io.IOException;
import java.nio.file.Path;
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
     * @throws IllegalArgumentException if the prompt is empty or has ids that the model does not, or there is no such adapter
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

    /**
     * Loads a low-rank adapter beside the model, and waits until requests may name it. One step answers requests with different adapters, and with none.
     *
     * @param name   what requests call it; not empty, and new
     * @param folder in the layout of PEFT: {@code adapter_config.json} and {@code adapter_model.safetensors}
     * @throws IllegalArgumentException if the name is taken, or the adapter damaged or of another model
     */
    default void addAdapter(String name, Path folder) throws IOException {
        throw new UnsupportedOperationException("this engine serves no adapters");
    }

    /** Forgets an adapter. What is being answered with it fails, and later requests that name it are refused. */
    default void removeAdapter(String name) {
        throw new UnsupportedOperationException("this engine serves no adapters");
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
