package dev.mynah.server.conversation;

import dev.mynah.server.answer.SettlementListener;
import dev.mynah.server.billing.Outcome;
import org.springframework.stereotype.Component;

/** Makes a message of what was generated for it. */
@Component
public final class MessageSettler implements SettlementListener {
    private final ConversationRepository conversations;

    public MessageSettler(ConversationRepository conversations) {
        this.conversations = conversations;
    }

    @Override
    public void settled(String answerId, String messageId, String text, Outcome outcome) {
        conversations.end(messageId, text, MessageState.after(outcome));
    }
}
