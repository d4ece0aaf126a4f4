package dev.mynah.server.conversation;

import java.util.Objects;

/**
 * With what an answer was generated: together with the messages before it, all that it takes to do it again.
 *
 * @param skippedTurns oldest messages of its path that had no room in the context
 */
public record MessageSettings(String messageId, String modelId, AnswerSettings wished, long seed, int skippedTurns) {
    /** What the answer was sampled at. */
    public double temperature() {
        return Objects.requireNonNull(wished.temperature(), "resolved when the answer was ordered");
    }
}
