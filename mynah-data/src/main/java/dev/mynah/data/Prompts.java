package dev.mynah.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/**
 * Reads prompts. A record has {@code "messages": [...]} or {@code "prompt"} (turns, or one text of the user). A last turn of the assistant is a demonstration's answer, and left out.
 */
public final class Prompts {

    private Prompts() {}

    /**
     * Reads all records of the files, folders and globs.
     *
     * @param skips takes the records that are left out: broken JSON, unknown roles, empty turns, nothing to answer
     * @throws IllegalArgumentException where a path does not exist or is of no known format, or no prompt is left
     */
    public static List<Prompt> read(List<SourceSpec> sources, SkipLog skips) throws IOException {
        List<Prompt> prompts = new ArrayList<>();
        forEach(sources, skips, (prompt, _) -> prompts.add(prompt));
        if (prompts.isEmpty()) {
            throw new IllegalArgumentException("no prompt in the data can be used" + skips.firstReason());
        }
        return prompts;
    }

    /** As {@link #read}, one by one, each with the record in which it stands. */
    public static void forEach(List<SourceSpec> sources, SkipLog skips, BiConsumer<Prompt, JsonNode> reader)
            throws IOException {
        for (Path file : SourceFiles.resolveRecords(sources)) {
            JsonRecords.read(file, skips, (record, line) -> {
                List<Message> turns = turns(record);
                Messages.requireContent(turns);
                boolean answered = turns.getLast().role() == Role.ASSISTANT;
                List<Message> prompt = answered ? turns.subList(0, turns.size() - 1) : turns;
                if (!Messages.isToAnswer(prompt)) {
                    throw new BadRecordException("nothing to answer: no turn of the user comes last");
                }
                reader.accept(new Prompt(prompt, file, line), record);
            });
        }
    }

    private static List<Message> turns(JsonNode record) throws BadRecordException {
        if (record.has("messages")) {
            return Messages.openAi(record.path("messages"), "messages");
        }
        if (record.path("prompt").isArray()) {
            return Messages.openAi(record.path("prompt"), "prompt");
        }
        return List.of(new Message(Role.USER, Messages.text(record, "prompt", "prompt")));
    }
}
