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
            return new Prompt.Gap(checked(gap.before(), true), checked(gap.after(), true));
        }
        String before = text.apply(prompt);
        String after = checked(before, true);
        return after.equals(before) ? prompt : new Prompt.Text(after);
    }

    private Prompt chat(Prompt.Chat chat) {
        List<ChatMessage> messages = chat.messages();
        int current = messages.size();
        while (current > 0 && messages.get(current - 1).role() != ChatMessage.Role.ASSISTANT) {
            current--;
        }
        List<ChatMessage> checked = new ArrayList<>();
        for (ChatMessage message : messages) {
            checked.add(checked(message, checked.size() >= current));
        }
        List<ToolDefinition> tools = chat.tools().stream().map(this::checked).toList();
        return new Prompt.Chat(checked, tools, chat.begun());
    }

    private ChatMessage checked(ChatMessage message, boolean current) {
        List<ToolCall> calls = message.toolCalls().stream()
                .map(call ->
                        new ToolCall(call.id(), checked(call.name(), current), checkedJson(call.arguments(), current)))
                .toList();
        return new ChatMessage(
                message.role(),
                message.content() == null ? null : checked(message.content(), current),
                calls,
                message.toolCallId(),
                message.name() == null ? null : checked(message.name(), current));
    }

    /** Tools come with every request, and are judged with it. */
    private ToolDefinition checked(ToolDefinition tool) {
        return new ToolDefinition(
                checked(tool.name(), true),
                tool.description() == null ? null : checked(tool.description(), true),
                tool.parameters() == null ? null : checked(tool.parameters()));
    }

    private JsonNode checked(JsonNode schema) {
        String before = schema.toString();
        String after = checkedJson(before, true);
        return after.equals(before) ? schema : JsonMapper.shared().readTree(after);
    }

    /** Judges the texts within JSON together; what is not shown of it leaves an empty object. */
    private String checkedJson(String json, boolean current) {
        @Nullable String texts = JsonTexts.of(json).orElse(null);
        String before = texts == null ? json : texts;
        String after = checked(before, current);
        if (after.equals(before)) {
            return json;
        }
        if (after.equals(REMOVED)) {
            return "{}";
        }
        return texts == null ? after : JsonTexts.replaced(json, after);
    }

    private String checked(String text, boolean current) {
        Screen screen = rules.screen(Direction.INPUT);
        List<Finding> findings = current ? screen.findings(text) : screen.findingsAgain(text);
        @Nullable Finding refused = rules.refused(Direction.INPUT, findings).orElse(null);
        if (refused != null && !current) {
            return REMOVED;
        }
        if (refused != null && refusal == null) {
            refusal = rules.policy(refused.category()).refusal(text);
            items.add(Item.of(Direction.INPUT, refused, rules.action(Direction.INPUT, refused), text));
        }
        if (current && refused == null) {
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
