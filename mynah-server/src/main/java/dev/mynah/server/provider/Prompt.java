package dev.mynah.server.provider;

import dev.mynah.text.chat.ChatMessage;
import java.util.List;

/** What a model is to go on from. */
public sealed interface Prompt {

    /**
     * A conversation, to be answered.
     *
     * @param begun whether the last message is the answer itself, which goes on where it ends
     */
    record Chat(List<ChatMessage> messages, boolean begun) implements Prompt {
        public Chat {
            messages = List.copyOf(messages);
        }

        public Chat(List<ChatMessage> messages) {
            this(messages, false);
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
