package dev.mynah.server.provider;

import dev.mynah.engine.GenerationHandle;
import java.util.function.Consumer;

/** A request that is known to fit, so that what it may cost is known before it starts. */
public interface PreparedGeneration {

    /** The prompt's tokens, or the most that they can be. */
    int promptTokens();

    /** What of the prompt's tokens is known now, and charged if it ends here. */
    default int knownPromptTokens() {
        return promptTokens();
    }

    /** The most tokens that all choices may have together. */
    int maxCompletionTokens();

    /**
     * Starts, once.
     *
     * @param sink is told what happens, on a thread that must not wait: it only hands on
     * @throws dev.mynah.engine.EngineBusyException if too many wait already
     */
    GenerationHandle start(Consumer<GenerationEvent> sink);
}
