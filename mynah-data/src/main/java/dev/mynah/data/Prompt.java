package dev.mynah.data;

import java.nio.file.Path;
import java.util.List;

/**
 * Something to answer: a conversation up to the turn that is asked for.
 *
 * @param file where it was read
 * @param record the line in the file, from 1
 */
public record Prompt(List<Message> messages, Path file, long record) {

    public Prompt {
        messages = List.copyOf(messages);
    }

    /** What decides the split: prompts that begin with the same words of the user stay together. */
    public String splitKey() {
        return Messages.firstUserTurn(messages);
    }
}
