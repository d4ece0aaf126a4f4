package dev.mynah.server.finetuning;

import dev.mynah.server.file.TextLines;
import dev.mynah.text.Tokenizer;
import dev.mynah.text.chat.ChatMessage;
import dev.mynah.text.chat.ChatTemplate;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a file of examples, one JSON object a line, checks every line against the model that is to learn from it, and writes it as {@code mynah train} reads it. The layouts are those of the OpenAI
 * API, and Mynah's own for rankings.
 */
final class TrainingExamples {
    private static final int LEAST = 10;
    private static final int SHOWN_PROBLEMS = 10;
    private static final int MOST_PROBLEMS = 1_000;
    private static final int MOST_PROMPTS = 3;
    private static final String MESSAGES = "messages";

    /** What the poet's rule is told of a prompt; of poems it is told the request too. */
    private static final Set<String> KINDS = Set.of("poem", "continuation", "follow_up", "talk", "authorship", "harm");

    private static final Set<String> POEMS = Set.of("poem", "continuation", "follow_up");
    private static final Set<String> FORMS = Set.of("FIVE_QUATRAIN", "SEVEN_QUATRAIN", "FIVE_OCTAVE", "SEVEN_OCTAVE");

    private final Wanted wanted;
    private final ChatTemplate template;
    private final List<String> problems = new ArrayList<>();
    private int problemCount;
    private final Lengths lengths = new Lengths();
    private final List<String> prompts = new ArrayList<>();
    private final Writer written;

    private TrainingExamples(Wanted wanted, Writer written) {
        this.written = written;
        this.wanted = wanted;
        this.template = ChatTemplate.of(wanted.tokenizer.config());
    }

    /**
     * What a file is read for.
     *
     * @param byRule  whether answers are judged by the poet's rule
     * @param context the most tokens that the model reads
     */
    record Wanted(Method method, boolean byRule, Tokenizer tokenizer, int context) {}

    /**
     * What a file holds.
     *
     * @param lengths of the examples in tokens: of a conversation, of a prompt with all its answers, or of a prompt
     * @param prompts the first questions, for samples
     */
    record Examples(Lengths lengths, List<String> prompts) {
        long tokens() {
            return lengths.stream().asLongStream().sum();
        }

        int longest() {
            return lengths.stream().max().orElse(0);
        }
    }

    /** What is wrong with one line. */
    private static final class BadLineException extends Exception {
        BadLineException(String reason) {
            super(reason);
        }
    }

    /**
     * Reads a file.
     *
     * @param target where the examples are written
     * @throws IllegalArgumentException where examples cannot be used, with the numbers of their lines
     */
    static Examples read(InputStream file, Wanted wanted, Path target) throws IOException {
        try (TextLines lines = new TextLines(file);
                Writer written = Files.newBufferedWriter(target)) {
            TrainingExamples reading = new TrainingExamples(wanted, written);
            for (String line = lines.next();
                    line != null && reading.problemCount < MOST_PROBLEMS;
                    line = lines.next()) {
                reading.take(line, lines.number());
            }
            return reading.examples();
        }
    }

    private Examples examples() {
        if (problemCount > 0) {
            int more = problemCount - problems.size();
            String least = problemCount == MOST_PROBLEMS ? "at least " : "";
            throw new IllegalArgumentException(
                    String.join("; ", problems) + (more == 0 ? "" : "; and " + least + more + " lines more"));
        }
        if (lengths.size() < LEAST) {
            throw new IllegalArgumentException(
                    "it has " + lengths.size() + " examples, and there must be at least " + LEAST);
        }
        return new Examples(lengths, List.copyOf(prompts));
    }

    private void take(String line, int number) throws IOException {
        if (line.isBlank()) {
            return;
        }
        try {
            JsonNode record = parse(line);
            ObjectNode example = switch (wanted.method) {
                case SUPERVISED -> conversation(record);
                case DPO -> ranking(record);
                case REINFORCEMENT -> prompt(record);
            };
            written.append(example.toString()).append('\n');
        } catch (BadLineException e) {
            problemCount++;
            if (problems.size() < SHOWN_PROBLEMS) {
                problems.add("line " + number + ": " + e.getMessage());
            }
        }
    }

    private static JsonNode parse(String line) throws BadLineException {
        try {
            JsonNode record = JsonMapper.shared().readTree(line);
            if (!record.isObject()) {
                throw new BadLineException("it is no JSON object");
            }
            return record;
        } catch (JacksonException e) {
            throw new BadLineException("it is not valid JSON: "
                    + e.getOriginalMessage().lines().findFirst().orElse("it is damaged"));
        }
    }

    private ObjectNode conversation(JsonNode record) throws BadLineException {
        List<ChatMessage> messages = messages(record.path(MESSAGES), MESSAGES);
        if (messages.stream().noneMatch(message -> message.role() == ChatMessage.Role.ASSISTANT)) {
            throw new BadLineException("there is no message of the assistant to learn from");
        }
        ObjectNode example = JsonMapper.shared().createObjectNode();
        write(example, MESSAGES, messages);
        accept(messages, tokens(messages, false));
        return example;
    }

    private ObjectNode prompt(JsonNode record) throws BadLineException {
        List<ChatMessage> messages = messages(record.path(MESSAGES), MESSAGES);
        if (messages.getLast().role() != ChatMessage.Role.USER) {
            throw new BadLineException("the last message must be the user's, which is answered");
        }
        ObjectNode example = JsonMapper.shared().createObjectNode();
        write(example, MESSAGES, messages);
        if (wanted.byRule) {
            task(record, example);
        }
        accept(messages, tokens(messages, true) + 1);
        return example;
    }

    /** What the rule judges answers by. */
    private static void task(JsonNode record, ObjectNode example) throws BadLineException {
        String kind = record.path("kind").asString("");
        if (!KINDS.contains(kind)) {
            throw new BadLineException(
                    "the rule needs a \"kind\": poem, continuation, follow_up, talk, authorship or harm");
        }
        example.put("kind", kind);
        JsonNode request = record.path("request");
        if (request.isObject() != POEMS.contains(kind)) {
            throw new BadLineException("there must be a \"request\" where a poem is asked for, and nowhere else");
        }
        if (request.isObject()) {
            request(request, example.putObject("request"));
        }
    }

    private static void request(JsonNode request, ObjectNode written) throws BadLineException {
        JsonNode form = request.path("form");
        if (form.isString() && FORMS.contains(form.stringValue())) {
            written.put("form", form.stringValue());
        } else if (!form.isMissingNode() && !form.isNull()) {
            throw new BadLineException("request.form must be " + String.join(", ", new TreeSet<>(FORMS)) + " or null");
        }
        JsonNode theme = request.path("theme");
        if (!theme.isMissingNode() && !theme.isArray()) {
            throw new BadLineException("request.theme must be an array of words");
        }
        var words = written.putArray("theme");
        for (JsonNode word : theme) {
            words.add(text(word, "request.theme"));
        }
        written.put("given", request.has("given") ? text(request.get("given"), "request.given") : "");
    }

    private ObjectNode ranking(JsonNode record) throws BadLineException {
        boolean openAi = record.has("input");
        JsonNode asked = openAi ? record.path("input").path(MESSAGES) : record.path(MESSAGES);
        List<ChatMessage> messages = messages(asked, openAi ? "input.messages" : MESSAGES);
        if (messages.getLast().role() == ChatMessage.Role.ASSISTANT) {
            throw new BadLineException("the last message of the prompt must not be the assistant's");
        }
        String chosen = answer(record, openAi ? "preferred_output" : "chosen");
        String rejected = answer(record, openAi ? "non_preferred_output" : "rejected");
        if (chosen.equals(rejected)) {
            throw new BadLineException("both answers are the same");
        }
        ObjectNode example = JsonMapper.shared().createObjectNode();
        write(example, MESSAGES, messages);
        example.put("chosen", chosen).put("rejected", rejected);
        int sum = 0;
        for (String answer : List.of(chosen, rejected)) {
            List<ChatMessage> whole = new ArrayList<>(messages);
            whole.add(ChatMessage.of(ChatMessage.Role.ASSISTANT, answer));
            sum += requireFits(tokens(whole, false));
        }
        addPrompt(messages);
        lengths.add(sum);
        return example;
    }

    private static String answer(JsonNode record, String field) throws BadLineException {
        JsonNode value = record.path(field);
        if (value.isArray() && value.size() == 1) {
            value = value.get(0).path("content");
        }
        return text(value, field);
    }

    private static List<ChatMessage> messages(JsonNode array, String field) throws BadLineException {
        if (!array.isArray() || array.isEmpty()) {
            throw new BadLineException("\"" + field + "\" must be an array of messages");
        }
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode message : array) {
            messages.add(message(message, field + "[" + messages.size() + "]"));
        }
        return messages;
    }

    private static ChatMessage message(JsonNode message, String at) throws BadLineException {
        for (String refused : List.of("tool_calls", "function_call", "audio")) {
            if (!message.path(refused).isMissingNode() && !message.path(refused).isNull()) {
                throw new BadLineException(at + " has " + refused + ", which training does not support");
            }
        }
        if (message.path("weight").asInt(1) != 1) {
            throw new BadLineException(at + ".weight must be 1: every answer is learned from");
        }
        ChatMessage.Role role;
        try {
            role = ChatMessage.Role.of(message.path("role").asString(""));
        } catch (IllegalArgumentException e) {
            throw new BadLineException(at + ".role: " + e.getMessage());
        }
        return ChatMessage.of(role, text(message.path("content"), at + ".content"));
    }

    private static String text(JsonNode value, String at) throws BadLineException {
        if (!value.isString()
                || value.stringValue().isBlank()
                || value.stringValue().indexOf('\0') >= 0) {
            throw new BadLineException(at + " must be a text, not empty");
        }
        return value.stringValue();
    }

    private static void write(ObjectNode into, String field, List<ChatMessage> messages) {
        var array = into.putArray(field);
        messages.forEach(message ->
                array.addObject().put("role", message.role().id()).put("content", String.valueOf(message.content())));
    }

    /** A token more for each message, since training cuts at the edges of answers. */
    private int tokens(List<ChatMessage> messages, boolean open) throws BadLineException {
        try {
            return template.render(messages, List.of(), open, Map.of()).encode(wanted.tokenizer).length
                    + messages.size();
        } catch (RuntimeException e) {
            throw new BadLineException("the model's template refuses it: " + e.getMessage());
        }
    }

    private int requireFits(int tokens) throws BadLineException {
        if (tokens > wanted.context) {
            throw new BadLineException("it has " + tokens + " tokens, and the model reads at most " + wanted.context);
        }
        return tokens;
    }

    private void accept(List<ChatMessage> messages, int tokens) throws BadLineException {
        lengths.add(requireFits(tokens));
        addPrompt(messages);
    }

    private void addPrompt(List<ChatMessage> messages) {
        messages.stream()
                .filter(message -> message.role() == ChatMessage.Role.USER)
                .findFirst()
                .map(ChatMessage::content)
                .filter(content -> prompts.size() < MOST_PROMPTS && !prompts.contains(content))
                .ifPresent(prompts::add);
    }
}
