package dev.mynah.server.feedback;

import dev.mynah.server.conversation.ConversationRepository;
import dev.mynah.server.conversation.Conversations;
import dev.mynah.server.conversation.MessageSettings;
import java.util.List;
import java.util.stream.Stream;

/** All that a model was given for an answer. */
final class GivenPrompt {
    private GivenPrompt() {}

    static List<Feedback.Turn> of(ConversationRepository conversations, String question, MessageSettings settings) {
        Stream<Feedback.Turn> system =
                Stream.ofNullable(settings.wished().system()).map(text -> new Feedback.Turn("system", text));
        Stream<Feedback.Turn> path = conversations.path(question, Conversations.LONGEST_PATH).stream()
                .skip(settings.skippedTurns())
                .map(message -> new Feedback.Turn(message.role(), message.content()));
        return Stream.concat(system, path).toList();
    }
}
