package dev.mynah.server.moderation;

import dev.mynah.server.provider.Prompt;
import dev.mynah.text.chat.ChatMessage;
import dev.mynah.text.chat.ToolCall;
import dev.mynah.text.chat.ToolDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks the prompts of one question. In a conversation the turns since the model's last answer are judged; of older ones, which were judged in their time, what was refused is not shown to
 * the model again.
 */
final class InputCheck {
    private static final String REMOVED = "[removed]";

    private final Rules rules;
    private final List<Item> items = new ArrayList<>();
    private @Nullable String refusal;

    InputCheck(Rules rules) {
        this.rules = rules;
    }

    /**
     * What the model is given of a prompt.
     *
     * @param text gives the text of a prompt that is no conversation
     */
    Prompt checked(Prompt prompt, Function<Prompt, String> text) {
        if (prompt instanceof Prompt.Chat chat) {
            return chat(chat);
        }
        if (prompt instanceof Prompt.Gap gap) {
            return new Prompt.Gap(checked(gap.before(), Turn.NOW), checked(gap.after(), Turn.NOW));
        }
        String before = text.apply(prompt);
        String after = checked(before, Turn.NOW);
        return after.equals(before) ? prompt : new Prompt.Text(after);
    }

    /** When what is judged was said. */
    private enum Turn {
        EARLIER,
        /** Now, as in each turn before: what is only noted was noted then. */
        AGAIN,
        NOW
    }

    private Prompt chat(Prompt.Chat chat) {
        List<ChatMessage> messages = chat.messages();
        int current = messages.size();
        while (current > 0 && messages.get(current - 1).role() != ChatMessage.Role.ASSISTANT) {
            current--;
        }
        List<ChatMessage> checked = new ArrayList<>();
        for (ChatMessage message : messages) {
            checked.add(checked(message, checked.size() >= current ? Turn.NOW : Turn.EARLIER));
        }
        Turn tools = current == 0 ? Turn.NOW : Turn.AGAIN;
        return new Prompt.Chat(
                checked, chat.tools().stream().map(tool -> checked(tool, tools)).toList(), chat.begun());
    }

    private ChatMessage checked(ChatMessage message, Turn turn) {
        List<ToolCall> calls = message.toolCalls().stream()
                .map(call -> new ToolCall(call.id(), checked(call.name(), turn), checkedJson(call.arguments(), turn)))
                .toList();
        return new ChatMessage(
                message.role(),
                message.content() == null ? null : checked(message.content(), turn),
                calls,
                message.toolCallId(),
                message.name() == null ? null : checked(message.name(), turn));
    }

    private ToolDefinition checked(ToolDefinition tool, Turn turn) {
        // It may be refused, but not be another: calls say it.
        checked(tool.name(), turn);
        return new ToolDefinition(
                tool.name(),
                tool.description() == null ? null : checked(tool.description(), turn),
                tool.parameters() == null ? null : checked(tool.parameters(), turn),
                tool.strict());
    }

    private JsonNode checked(JsonNode schema, Turn turn) {
        String before = schema.toString();
        String after = checkedJson(before, turn);
        return after.equals(before) ? schema : JsonMapper.shared().readTree(after);
    }

    /** Judges the texts within JSON together; what is not shown of it leaves an empty object. */
    private String checkedJson(String json, Turn turn) {
        @Nullable String texts = JsonTexts.of(json).orElse(null);
        String before = texts == null ? json : texts;
        String after = checked(before, turn);
        if (after.equals(before)) {
            return json;
        }
        if (after.equals(REMOVED)) {
            return "{}";
        }
        return texts == null ? after : JsonTexts.replaced(json, after);
    }

    private String checked(String text, Turn turn) {
        Screen screen = rules.screen(Direction.INPUT);
        List<Finding> findings = turn == Turn.NOW ? screen.findings(text) : screen.findingsAgain(text);
        @Nullable Finding refused = rules.refused(Direction.INPUT, findings).orElse(null);
        if (refused != null && turn == Turn.EARLIER) {
            return REMOVED;
        }
        if (refused != null && refusal == null) {
            refusal = rules.policy(refused.category()).refusal(text);
            items.add(Item.of(Direction.INPUT, refused, rules.action(Direction.INPUT, refused), text));
        }
        if (turn == Turn.NOW && refused == null) {
            findings.stream()
                    .filter(finding -> rules.action(Direction.INPUT, finding) == Action.WARN)
                    .findFirst()
                    .ifPresent(finding -> items.add(Item.of(Direction.INPUT, finding, Action.WARN, text)));
        }
        return rules.masked(Direction.INPUT, findings, text, 0);
    }

    /** What operators should see of it. */
    List<Item> items() {
        return items;
    }

    /** What is said instead of an answer, or null. */
    @Nullable
    String refusal() {
        return refusal;
    }
}
