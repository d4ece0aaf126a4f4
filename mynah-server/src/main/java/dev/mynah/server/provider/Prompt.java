package dev.mynah.server.provider;

import dev.mynah.text.chat.ChatMessage;
import dev.mynah.text.chat.ToolDefinition;
import java.util.List;

/** What a model is to go on from. */
public sealed interface Prompt {

    /** What the model is told that it may call. */
    default List<ToolDefinition> tools() {
        return List.of();
    }

    /**
     * A conversation, to be answered.
     *
     * @param tools what the model is told that it may call
     * @param begun whether the last message is the answer itself, which goes on where it ends
     */
    record Chat(List<ChatMessage> messages, List<ToolDefinition> tools, boolean begun) implements Prompt {
        public Chat {
            messages = List.copyOf(messages);
            tools = List.copyOf(tools);
        }

        public Chat(List<ChatMessage> messages, List<ToolDefinition> tools) {
            this(messages, tools, false);
        }
    }

    /** A gap between two texts, to be filled. */
    record Gap(String before, String after) implements Prompt {}

    /** A text, to be continued as it stands. */
    record Text(String text) implements Prompt {}

    /** Token ids, to be continued as they stand. */
    record Tokens(List<Integer> ids) implements Prompt {
        public Tokens {
            ids = List.copyOf(ids);
        }
    }
}
