package dev.mynah.server.feedback;

import dev.mynah.server.conversation.MessageSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user thinks of an answer.
 *
 * @param questionId the message that was answered: its answers can be compared
 * @param corrected  what the answer should have been, or null
 * @param prompt     all that the model was given
 */
record Feedback(
        String userId,
        String questionId,
        String rating,
        List<String> reasons,
        String comment,
        @Nullable String corrected,
        List<Turn> prompt,
        String answer,
        MessageSettings settings) {
    static final String GOOD = "good";

    Feedback {
        reasons = List.copyOf(reasons);
        prompt = List.copyOf(prompt);
    }

    /** A message of the prompt, as training data has it. */
    record Turn(String role, String content) {}

    boolean isGood() {
        return rating.equals(GOOD);
    }
}
