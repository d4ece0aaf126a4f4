package dev.mynah.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads demonstrations. The layout is told record by record: {@code {"messages": [{"role", "content"}]}} as OpenAI's API has it, ShareGPT's {@code {"conversations": [{"from", "value"}]}},
 * or Alpaca's {@code {"instruction", "input", "output"}}.
 */
public final class Conversations {

    private Conversations() {}

    /**
     * Reads all records of the files, folders and globs.
     *
     * @param skips takes the records that are left out: broken JSON, unknown roles, empty turns, no assistant turn
     * @throws IllegalArgumentException where a path does not exist or is of no known format, or no conversation is left
     */
    public static List<Conversation> read(List<SourceSpec> sources, SkipLog skips) throws IOException {
        List<Conversation> conversations = new ArrayList<>();
        for (Path file : SourceFiles.resolveRecords(sources)) {
            JsonRecords.read(file, skips, (record, line) -> {
                List<Message> messages = Messages.ofRecord(record);
                Messages.requireContent(messages);
                if (messages.stream().noneMatch(message -> message.role() == Role.ASSISTANT)) {
                    throw new BadRecordException("no assistant turn to learn from");
                }
                conversations.add(new Conversation(messages, file, line));
            });
        }
        if (conversations.isEmpty()) {
            throw new IllegalArgumentException("no conversation in the data can be used" + skips.firstReason());
        }
        return conversations;
    }
}
