package dev.mynah.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads turns from the layouts in which conversations are found, and refuses those that training must not see. */
final class Messages {

    /** Fields that change what a turn says, and that no template here renders. */
    private static final List<String> REFUSED = List.of("tool_calls", "function_call");

    private Messages() {}

    /**
     * The turns of a whole record: {@code messages} (OpenAI), {@code conversations} (ShareGPT) or {@code instruction}, {@code input}, {@code output} and {@code history} (Alpaca).
     */
    static List<Message> ofRecord(JsonNode record) throws BadRecordException {
        if (record.has("messages")) {
            return openAi(record.path("messages"), "messages");
        }
        if (record.has("conversations")) {
            return shareGpt(record);
        }
        if (record.has("instruction")) {
            return alpaca(record);
        }
        throw new BadRecordException(
                "no field messages (OpenAI), conversations (ShareGPT) or instruction (Alpaca); the fields are: "
                        + String.join(
                                ", ", record.propertyNames().stream().limit(20).toList()));
    }

    /** An array of {@code {"role", "content"}}; {@code field} is how errors call it. */
    static List<Message> openAi(JsonNode turns, String field) throws BadRecordException {
        requireArray(turns, field);
        List<Message> messages = new ArrayList<>();
        for (JsonNode turn : turns) {
            int number = messages.size() + 1;
            messages.add(message(Role.of(textOr(turn, "role")), turn, "role", "content", number));
        }
        return messages;
    }

    /** Turns are {@code from} and {@code value}; some files have {@code role} and {@code content} under the same name. */
    private static List<Message> shareGpt(JsonNode record) throws BadRecordException {
        JsonNode turns = record.path("conversations");
        requireArray(turns, "conversations");
        List<Message> messages = new ArrayList<>();
        addSystem(record, messages);
        int number = 0;
        for (JsonNode turn : turns) {
            number++;
            boolean openAi = turn.has("role") && !turn.has("from");
            messages.add(
                    openAi
                            ? message(Role.of(textOr(turn, "role")), turn, "role", "content", number)
                            : message(Role.ofShareGpt(textOr(turn, "from")), turn, "from", "value", number));
        }
        return messages;
    }

    private static List<Message> alpaca(JsonNode record) throws BadRecordException {
        List<Message> messages = new ArrayList<>();
        addSystem(record, messages);
        addHistory(record.path("history"), messages);
        String input = optionalText(record, "input");
        String instruction = text(record, "instruction", "instruction");
        messages.add(new Message(Role.USER, input.isBlank() ? instruction : instruction + "\n\n" + input));
        messages.add(new Message(Role.ASSISTANT, text(record, "output", "output")));
        return messages;
    }

    private static void addSystem(JsonNode record, List<Message> messages) throws BadRecordException {
        String system = optionalText(record, "system");
        if (!system.isEmpty()) {
            messages.add(new Message(Role.SYSTEM, system));
        }
    }

    /** Earlier turns in pairs of a question and its answer, as LLaMA-Factory has them. */
    private static void addHistory(JsonNode history, List<Message> messages) throws BadRecordException {
        if (!history.isArray() && !history.isMissingNode() && !history.isNull()) {
            throw new BadRecordException("history is not an array");
        }
        for (JsonNode pair : history) {
            if (pair.size() != 2) {
                throw new BadRecordException("history holds something else than pairs of a question and its answer");
            }
            messages.add(new Message(Role.USER, wellFormed(text(pair.path(0)), "a question of history")));
            messages.add(new Message(Role.ASSISTANT, wellFormed(text(pair.path(1)), "an answer of history")));
        }
    }

    private static Message message(
            Optional<Role> role, JsonNode turn, String roleField, String contentField, int number)
            throws BadRecordException {
        if (role.isEmpty()) {
            JsonNode found = turn.path(roleField);
            throw new BadRecordException("turn " + number + " has "
                    + (found.isMissingNode() ? "no " + roleField : "the unknown role " + found)
                    + "; known are " + Role.NAMES);
        }
        for (String field : REFUSED) {
            if (!turn.path(field).isEmpty()) {
                throw new BadRecordException("turn " + number + " has " + field + ", which training does not support");
            }
        }
        JsonNode weight = turn.path("weight");
        if (role.get() == Role.ASSISTANT && weight.isNumber() && weight.asDouble() != 1) {
            throw new BadRecordException(
                    "turn " + number + " has the weight " + weight + ", but every turn of the assistant counts alike");
        }
        return new Message(role.get(), text(turn, contentField, contentField + " of turn " + number));
    }

    private static void requireArray(JsonNode turns, String field) throws BadRecordException {
        if (!turns.isArray() || turns.isEmpty()) {
            throw new BadRecordException(field + " must be an array of turns" + (turns.isArray() ? ", not empty" : ""));
        }
    }

    private static String textOr(JsonNode object, String field) {
        return object.path(field).asString("");
    }

    /** A string, or an array of parts that are all text. */
    static String text(JsonNode object, String field, String name) throws BadRecordException {
        if (!object.has(field)) {
            throw new BadRecordException(name + " is missing");
        }
        return wellFormed(text(object.path(field)), name);
    }

    /** Empty where the field is missing or null, as tables write what is missing. */
    private static String optionalText(JsonNode object, String field) throws BadRecordException {
        return object.hasNonNull(field) ? text(object, field, field) : "";
    }

    private static String wellFormed(@Nullable String text, String name) throws BadRecordException {
        if (text == null) {
            throw new BadRecordException(name + " is not a text");
        }
        if (Unicode.hasLoneSurrogate(text)) {
            throw new BadRecordException(name + " holds half a surrogate pair");
        }
        return text;
    }

    private static @Nullable String text(JsonNode node) {
        if (!node.isArray()) {
            return node.isString() ? node.stringValue() : null;
        }
        StringBuilder joined = new StringBuilder();
        for (JsonNode part : node) {
            if (!textOr(part, "type").equals("text") || !part.path("text").isString()) {
                return null;
            }
            joined.append(part.path("text").stringValue());
        }
        return joined.toString();
    }

    /** Refuses turns that say nothing; only a system prompt may be empty. */
    static void requireContent(List<Message> messages) throws BadRecordException {
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            if (message.role() != Role.SYSTEM && message.content().isBlank()) {
                throw new BadRecordException(
                        "turn " + (i + 1) + " (" + message.role().id() + ") is empty");
            }
        }
    }

    /** Whether an answer of the assistant can come next. */
    static boolean isToAnswer(List<Message> messages) {
        return !messages.isEmpty()
                && Set.of(Role.USER, Role.TOOL).contains(messages.getLast().role());
    }

    static String firstUserTurn(List<Message> messages) {
        return messages.stream()
                .filter(message -> message.role() == Role.USER)
                .map(Message::content)
                .findFirst()
                .orElse("");
    }
}
