package dev.mynah.server.provider;

import dev.mynah.text.chat.ChatMessage;
import java.util.List;

/** What a model is to go on from. */
public sealed interface Prompt {

    /** A conversation, to be answered. */
    record Chat(List<ChatMessage> messages) implements Prompt {
        public Chat {
            messages = List.copyOf(messages);
        }
    }

    /** A text, to be continued as it stands. */
    record Text(String text) implements Prompt {}

    /** Token ids, to be continued as they stand. */
    record Tokens(List<Integer> ids) implements Prompt {
        public Tokens {
            ids = List.copyOf(ids);
        }
    }
}
