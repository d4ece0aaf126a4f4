package dev.mynah.server.provider;

/**
 * One turn of a conversation.
 *
 * @param role {@code system}, {@code developer}, {@code user}, {@code assistant} or {@code tool}
 */
public record ChatMessage(String role, String content) {}
