package dev.mynah.server.api;

import dev.mynah.server.store.Ids;
import dev.mynah.server.web.JsonObject;
import dev.mynah.text.chat.ChatMessage;
import dev.mynah.text.chat.ChatMessage.Role;
import dev.mynah.text.chat.ToolCall;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The items that a request to {@code /v1/responses} and its answer consist of, as messages. */
final class ResponseItems {
    private static final Set<String> TEXT = Set.of("input_text", "output_text", "text", "refusal");
    private static final int MAX_ID = 64;

    private final List<ChatMessage> messages = new ArrayList<>();

    /** The {@code input} of a request as items with ids: a string is what a user says. */
    static ArrayNode read(JsonObject body) {
        JsonNode input = body.value("input").orElseThrow(() -> body.missing("input"));
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        if (input.isString()) {
            items.add(message("user", "input_text", body.requiredString("input")));
            return items;
        }
        Set<String> ids = new HashSet<>();
        for (JsonObject item : body.objects("input").orElseThrow()) {
            ObjectNode copy = (ObjectNode) item.node().deepCopy();
            String id = id(item);
            if (!ids.add(id)) {
                throw item.invalid("id", "an item before it has the same, by which lists of items go on");
            }
            copy.put("id", id);
            items.add(inFull(copy));
        }
        if (items.isEmpty()) {
            throw body.invalid("input", "there must be at least one item");
        }
        return items;
    }

    private static String id(JsonObject item) {
        String id = item.string("id").orElseGet(() -> Ids.next("msg_"));
        if (id.length() > MAX_ID) {
            throw item.invalid("id", "it must have at most " + MAX_ID + " characters");
        }
        return id;
    }

    /** A message as it is listed later: one may be sent without its type, and with a content that is a string. */
    private static ObjectNode inFull(ObjectNode item) {
        if (!item.has("type")) {
            item.put("type", "message");
        }
        if (item.path("type").asString("").equals("message")
                && item.path("content").isString()) {
            String text = item.get("content").stringValue();
            boolean said = item.path("role").asString("").equals("assistant");
            ObjectNode part = item.putArray("content").addObject();
            part.put("type", said ? "output_text" : "input_text").put("text", text);
        }
        return item;
    }

    private static ObjectNode message(String role, String partType, String text) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("id", Ids.next("msg_"))
                .put("type", "message")
                .put("status", "completed")
                .put("role", role);
        message.putArray("content").addObject().put("type", partType).put("text", text);
        return message;
    }

    /** Adds what a developer says before all else. */
    void instruct(@Nullable String instructions) {
        if (instructions != null) {
            messages.add(ChatMessage.of(Role.SYSTEM, instructions));
        }
    }

    /**
     * Adds items.
     *
     * @param path where they stand in the request
     */
    void add(JsonNode items, String path) {
        int index = 0;
        for (JsonNode item : items) {
            add(new JsonObject(item, path + "[" + index++ + "]"));
        }
    }

    private void add(JsonObject item) {
        String type = item.string("type").orElse("message");
        item.ignore("id", "status");
        switch (type) {
            case "message" ->
                messages.add(ChatMessage.of(MessageParameters.role(item), MessageParameters.content(item, TEXT)));
            case "function_call" ->
                addCall(new ToolCall(
                        item.requiredString("call_id"), item.requiredString("name"), item.requiredString("arguments")));
            case "function_call_output" -> {
                String output = item.value("output").filter(JsonNode::isString).isPresent()
                        ? item.requiredString("output")
                        : MessageParameters.parts(item, "output", TEXT);
                messages.add(new ChatMessage(Role.TOOL, output, List.of(), item.requiredString("call_id"), null));
            }
            default ->
                throw item.invalid(
                        "type",
                        "\"" + type
                                + "\" is not supported; supported are message, function_call and function_call_output");
        }
        item.finish();
    }

    /** Calls belong to the assistant's message before them. */
    private void addCall(ToolCall call) {
        @Nullable ChatMessage last = messages.isEmpty() ? null : messages.getLast();
        if (last == null || last.role() != Role.ASSISTANT) {
            messages.add(new ChatMessage(Role.ASSISTANT, null, List.of(call), null, null));
            return;
        }
        List<ToolCall> calls = new ArrayList<>(last.toolCalls());
        calls.add(call);
        messages.set(messages.size() - 1, new ChatMessage(Role.ASSISTANT, last.content(), calls, null, null));
    }

    List<ChatMessage> messages() {
        return List.copyOf(messages);
    }
}
