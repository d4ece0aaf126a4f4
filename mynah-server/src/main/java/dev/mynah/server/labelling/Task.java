package dev.mynah.server.labelling;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something to label.
 *
 * @param messages the conversation up to the question
 * @param answers  to put in order; none where one is to be written
 * @param verdict  an adjudicator's label, which counts instead of all others, or null
 */
record Task(
        String id,
        String queueId,
        List<Turn> messages,
        List<String> answers,
        @Nullable Label verdict) {
    Task {
        messages = List.copyOf(messages);
        answers = List.copyOf(answers);
    }

    /** A message, as training data has it. */
    record Turn(String role, String content) {}
}
