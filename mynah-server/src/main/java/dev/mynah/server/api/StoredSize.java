package dev.mynah.server.api;

import dev.mynah.server.web.JsonObject;
import dev.mynah.text.chat.ChatMessage;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Bounds what a request with {@code store} leaves behind. What the model reads counts as tokens; of all else only so much is kept. */
final class StoredSize {
    private static final int MAX_UNREAD = 1 << 20;

    private StoredSize() {}

    /** @param read what the model reads of {@code kept} */
    static void requireRead(JsonObject body, String field, JsonNode kept, List<ChatMessage> read) {
        long unread = kept.toString().length()
                - read.stream().mapToLong(StoredSize::characters).sum();
        if (unread > MAX_UNREAD) {
            throw tooLarge(body, field, unread);
        }
    }

    private static long characters(ChatMessage message) {
        long calls = message.toolCalls().stream()
                .mapToLong(call -> call.arguments().length())
                .sum();
        return calls + (message.content() == null ? 0 : message.content().length());
    }

    /** Settings may have so much together; of what has more, the largest is named. */
    static void requireSmall(JsonObject body, ObjectNode settings) {
        if (settings.toString().length() > MAX_UNREAD) {
            Map.Entry<String, JsonNode> largest = settings.properties().stream()
                    .max(Comparator.comparingInt(
                            setting -> setting.getValue().toString().length()))
                    .orElseThrow();
            throw tooLarge(body, largest.getKey(), largest.getValue().toString().length());
        }
    }

    private static RuntimeException tooLarge(JsonObject body, String field, long characters) {
        return body.invalid(
                field,
                "beside the texts of messages a stored request may have " + MAX_UNREAD + " characters; this has "
                        + characters + ". Send less, or 'store' false");
    }
}
