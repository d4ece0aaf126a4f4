package dev.mynah.data;

import java.nio.file.Path;
import java.util.List;

/**
 * A demonstration: turns of which at least one is the assistant's.
 *
 * @param file where it was read
 * @param record the line in the file, from 1
 */
public record Conversation(List<Message> messages, Path file, long record) {

    public Conversation {
        messages = List.copyOf(messages);
    }

    /** What decides the split: conversations that begin with the same words of the user stay together. */
    public String splitKey() {
        return Messages.firstUserTurn(messages);
    }
}
