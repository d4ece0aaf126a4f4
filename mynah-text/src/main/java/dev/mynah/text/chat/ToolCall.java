package dev.mynah.text.chat;

/**
 * A call of a tool by the assistant.
 *
 * @param id what the tool's answer refers to it by
 * @param name the tool
 * @param arguments a JSON object as text; what a model wrote may also be no JSON at all
 */
public record ToolCall(String id, String name, String arguments) {}
