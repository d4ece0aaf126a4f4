package dev.mynah.text.chat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message of a conversation.
 *
 * @param content the text, or null for an assistant's message that only calls tools
 * @param toolCalls what the assistant calls
 * @param toolCallId the call that a tool's message answers, or null
 * @param name who wrote it, or the tool that answers, or null
 */
public record ChatMessage(
        Role role,
        @Nullable String content,
        List<ToolCall> toolCalls,
        @Nullable String toolCallId,
        @Nullable String name) {

    /** Who speaks. */
    public enum Role {
        /** Who runs the model, above all others. */
        SYSTEM,
        /** Who builds upon the model; models that do not know this role hear it as the system. */
        DEVELOPER,
        /** Who asks. */
        USER,
        /** The model. */
        ASSISTANT,
        /** The answer of a tool. */
        TOOL;

        /** Its name in conversations, such as "system". */
        public String id() {
            return switch (this) {
                case SYSTEM -> "system";
                case DEVELOPER -> "developer";
                case USER -> "user";
                case ASSISTANT -> "assistant";
                case TOOL -> "tool";
            };
        }

        /**
         * The role with this name.
         *
         * @throws IllegalArgumentException if there is none
         */
        public static Role of(String id) {
            for (Role role : values()) {
                if (role.id().equals(id)) {
                    return role;
                }
            }
            throw new IllegalArgumentException(
                    "unknown role \"" + id + "\": it is one of system, developer, user, assistant, tool");
        }
    }

    public ChatMessage {
        toolCalls = List.copyOf(toolCalls);
    }

    /** A message that is only text. */
    public static ChatMessage of(Role role, String content) {
        return new ChatMessage(role, content, List.of(), null, null);
    }

    /** As templates expect it: what is not there has no key. */
    Map<String, @Nullable Object> toMap(String role) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("role", role);
        map.put("content", content);
        if (!toolCalls.isEmpty()) {
            map.put("tool_calls", toolCalls.stream().map(ChatMessage::toMap).toList());
        }
        if (toolCallId != null) {
            map.put("tool_call_id", toolCallId);
        }
        if (name != null) {
            map.put("name", name);
        }
        return map;
    }

    private static Map<String, Object> toMap(ToolCall call) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", call.name());
        function.put("arguments", JsonValues.objectOrText(call.arguments()));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", call.id());
        map.put("type", "function");
        map.put("function", function);
        return map;
    }
}
