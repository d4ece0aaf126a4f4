package dev.mynah.server.api;

import dev.mynah.server.web.JsonObject;
import dev.mynah.text.chat.ChatMessage;
import dev.mynah.text.chat.ToolCall;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A message of a chat completion's request. */
final class MessageParameters {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool");

    private static final String REFUSAL = "refusal";
    /** What parts of an answer may be. */
    private static final Set<String> ANSWERED = Set.of("text", REFUSAL);

    private MessageParameters() {}

    static ChatMessage read(JsonObject message) {
        ChatMessage.Role role = role(message);
        List<ToolCall> calls = role == ChatMessage.Role.ASSISTANT ? calls(message) : List.of();
        @Nullable String answered = role == ChatMessage.Role.TOOL ? message.requiredString("tool_call_id") : null;
        String content = message.value("content").isEmpty() && !calls.isEmpty()
                ? null
                : content(message, role == ChatMessage.Role.ASSISTANT ? ANSWERED : Set.of("text"));
        @Nullable String name = message.string("name").orElse(null);
        if (role == ChatMessage.Role.ASSISTANT) {
            message.string("refusal");
            message.ignore("annotations");
        }
        message.finish();
        return new ChatMessage(role, content, calls, answered, name);
    }

    static ChatMessage.Role role(JsonObject message) {
        String role = message.requiredString("role");
        if (!ROLES.contains(role)) {
            throw message.invalid("role", "\"" + role + "\" is none of system, developer, user, assistant and tool");
        }
        return ChatMessage.Role.of(role);
    }

    /**
     * A string, or parts of text that are put together.
     *
     * @param types what parts may be
     */
    static String content(JsonObject message, Set<String> types) {
        if (message.value("content")
                .orElseThrow(() -> message.missing("content"))
                .isString()) {
            return message.requiredString("content");
        }
        return parts(message, "content", types);
    }

    /** Parts of text, put together. */
    static String parts(JsonObject message, String key, Set<String> types) {
        return message.objects(key).orElseThrow(() -> message.missing(key)).stream()
                .map(part -> part(part, types))
                .collect(Collectors.joining());
    }

    private static String part(JsonObject part, Set<String> types) {
        String type = part.requiredString("type");
        if (!types.contains(type)) {
            throw part.invalid("type", "\"" + type + "\" is not supported; only text is");
        }
        String text = part.requiredString(type.equals(REFUSAL) ? REFUSAL : "text");
        // What answers carry, and clients send back.
        part.ignore("annotations", "logprobs");
        part.finish();
        return text;
    }

    private static List<ToolCall> calls(JsonObject message) {
        return message.objects("tool_calls").orElse(List.of()).stream()
                .map(MessageParameters::call)
                .toList();
    }

    private static ToolCall call(JsonObject call) {
        String type = call.string("type").orElse("function");
        if (!type.equals("function")) {
            throw call.invalid("type", "\"" + type + "\" is not supported; only \"function\" is");
        }
        JsonObject function = call.object("function").orElseThrow(() -> call.missing("function"));
        ToolCall read = new ToolCall(
                call.requiredString("id"), function.requiredString("name"), function.requiredString("arguments"));
        function.finish();
        call.ignore("index");
        call.finish();
        return read;
    }
}
