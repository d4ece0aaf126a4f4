package dev.mynah.server.conversation;

import java.util.Objects;

/**
 * With what an answer was generated: together with the messages before it, all that it takes to do it again.
 *
 * @param wished       with what was wished for, and the model's own choice where nothing was
 * @param skippedTurns oldest messages of its path that had no room in the context
 */
public record MessageSettings(String messageId, String modelId, AnswerSettings wished, int skippedTurns) {
    private static final String RESOLVED = "resolved when the answer was ordered";

    /** What the answer was sampled at. */
    public double temperature() {
        return Objects.requireNonNull(wished.temperature(), RESOLVED);
    }

    public long seed() {
        return Objects.requireNonNull(wished.seed(), RESOLVED);
    }
}
