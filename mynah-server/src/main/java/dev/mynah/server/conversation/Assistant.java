package dev.mynah.server.conversation;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A preset of a user's own.
 *
 * @param instructions what the model is told before the conversation
 * @param starters     questions to begin with
 * @param model        what it asks, or null for the one that is chosen
 */
record Assistant(
        String id,
        String name,
        String description,
        String instructions,
        List<String> starters,
        @Nullable String model,
        Instant createdAt) {
    Assistant {
        starters = List.copyOf(starters);
    }
}
