package dev.mynah.train.poet;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conversation that ends with the answer to give.
 *
 * @param kind     what is asked for, by the names of {@link Kind}
 * @param messages user and assistant in turn, the assistant last
 * @param request  what the last answer is judged by, or null if it is no poem
 */
public record Demonstration(
        Kind kind, List<Message> messages, @Nullable PoemRequest request) {

    public Demonstration {
        messages = List.copyOf(messages);
    }

    /** The same question, answered otherwise. */
    public Demonstration withAnswer(String content) {
        List<Message> changed = new ArrayList<>(messages);
        changed.set(changed.size() - 1, Message.assistant(content));
        return new Demonstration(kind, changed, request);
    }

    public record Message(String role, String content) {
        static Message user(String content) {
            return new Message("user", content);
        }

        static Message assistant(String content) {
            return new Message("assistant", content);
        }
    }

    /** What people come for. */
    public enum Kind {
        /** A poem by form, theme, title, author or first line. */
        POEM,
        /** The rest of a poem. */
        CONTINUATION,
        /** A change to the poem before, or another one. */
        FOLLOW_UP,
        /** Greetings, questions about itself, and what it cannot know. */
        TALK,
        /** Who wrote a famous poem, and false premises about it. */
        AUTHORSHIP,
        /** What it refuses. */
        HARM
    }
}
