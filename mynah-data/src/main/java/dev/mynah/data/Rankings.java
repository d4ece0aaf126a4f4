package dev.mynah.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Reads rankings. A record has a prompt, {@code "messages": [...]} or {@code "prompt"} (turns, or one text of the user), and either {@code "chosen"} and {@code "rejected"}, or
 * {@code "answers"} from best to worst, whose ties a parallel array {@code "ranks"} tells (1 is best). {@code chosen} and {@code rejected} may be texts, or turns that end with the
 * answer and share all before it.
 */
public final class Rankings {

    private Rankings() {}

    /**
     * Reads all records of the files, folders and globs.
     *
     * @param skips takes the records that are left out: broken JSON, unknown roles, no prompt, fewer than two answers, nothing but ties
     * @throws IllegalArgumentException where a path does not exist or is of no known format, or no ranking is left
     */
    public static List<Ranking> read(List<SourceSpec> sources, SkipLog skips) throws IOException {
        List<Ranking> rankings = new ArrayList<>();
        for (Path file : SourceFiles.resolveRecords(sources)) {
            JsonRecords.read(file, skips, (record, line) -> {
                List<Message> prompt = new ArrayList<>(prompt(record));
                List<String> answers = new ArrayList<>();
                List<Integer> ranks = new ArrayList<>();
                if (record.has("answers")) {
                    answers(record, answers, ranks);
                } else {
                    pair(record, prompt, answers);
                    ranks.addAll(List.of(1, 2));
                }
                check(prompt, answers, ranks);
                rankings.add(new Ranking(prompt, answers, ranks, file, line));
            });
        }
        if (rankings.isEmpty()) {
            throw new IllegalArgumentException("no ranking in the data can be used" + skips.firstReason());
        }
        return rankings;
    }

    /**
     * For a file in which people were to write ranks beside answers that stand in no order.
     *
     * @throws CorruptRecordException for the first record whose answers have none, by file and line
     */
    public static void requireRanks(Path file) throws IOException {
        JsonRecords.read(file, new SkipLog(true), (record, _) -> {
            if (record.has("answers") && !record.has("ranks")) {
                throw new BadRecordException(
                        "the answers have no ranks; add \"ranks\", 1 for the best, or take the record out");
            }
        });
    }

    private static List<Message> prompt(JsonNode record) throws BadRecordException {
        if (record.has("messages")) {
            return Messages.openAi(record.path("messages"), "messages");
        }
        if (record.path("prompt").isArray()) {
            return Messages.openAi(record.path("prompt"), "prompt");
        }
        return record.has("prompt")
                ? List.of(new Message(Role.USER, Messages.text(record, "prompt", "prompt")))
                : List.of();
    }

    private static void answers(JsonNode record, List<String> answers, List<Integer> ranks) throws BadRecordException {
        JsonNode given = record.path("ranks");
        for (JsonNode answer : record.path("answers")) {
            if (!answer.isString()) {
                throw new BadRecordException("answer " + (answers.size() + 1) + " is not a text");
            }
            answers.add(answer.stringValue());
            ranks.add(answers.size());
        }
        if (given.isMissingNode()) {
            return;
        }
        if (given.size() != answers.size()) {
            throw new BadRecordException("there are " + answers.size() + " answers but " + given.size() + " ranks");
        }
        for (int i = 0; i < ranks.size(); i++) {
            if (!given.get(i).canConvertToInt() || given.get(i).intValue() < 1) {
                throw new BadRecordException("rank " + given.get(i) + " is not a whole number from 1 on");
            }
            ranks.set(i, given.get(i).intValue());
        }
    }

    private static void pair(JsonNode record, List<Message> prompt, List<String> answers) throws BadRecordException {
        for (String field : List.of("chosen", "rejected")) {
            if (!record.path(field).isArray()) {
                answers.add(Messages.text(record, field, field));
                continue;
            }
            List<Message> turns = Messages.openAi(record.path(field), field);
            if (turns.getLast().role() != Role.ASSISTANT) {
                throw new BadRecordException(field + " does not end with an assistant turn");
            }
            List<Message> before = turns.subList(0, turns.size() - 1);
            // Some files repeat the conversation that ends with the chosen answer as messages (UltraFeedback).
            if (prompt.isEmpty() || prompt.equals(turns)) {
                prompt.clear();
                prompt.addAll(before);
            } else if (!before.isEmpty() && !before.equals(prompt)) {
                throw new BadRecordException("chosen and rejected differ before the last turn");
            }
            answers.add(turns.getLast().content());
        }
    }

    private static void check(List<Message> prompt, List<String> answers, List<Integer> ranks)
            throws BadRecordException {
        if (prompt.isEmpty()) {
            throw new BadRecordException("no prompt: a field messages or prompt is needed");
        }
        Messages.requireContent(prompt);
        if (!Messages.isToAnswer(prompt)) {
            throw new BadRecordException("the prompt ends with a turn of the "
                    + prompt.getLast().role().id() + ", not of the user");
        }
        if (answers.size() < 2) {
            throw new BadRecordException("a ranking needs at least 2 answers, found " + answers.size());
        }
        if (ranks.stream().distinct().count() == 1) {
            throw new BadRecordException("all " + answers.size() + " answers are ties");
        }
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i).isBlank() || Unicode.hasLoneSurrogate(answers.get(i))) {
                throw new BadRecordException("answer " + (i + 1) + " is empty or no well-formed text");
            }
        }
        if (new HashSet<>(answers).size() < answers.size()) {
            throw new BadRecordException("an answer stands there twice");
        }
    }
}
