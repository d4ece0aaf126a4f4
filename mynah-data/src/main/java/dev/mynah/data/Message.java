package dev.mynah.data;

/**
 * One turn of a conversation.
 *
 * @param content well-formed Unicode; empty for nobody but the system
 */
public record Message(Role role, String content) {}
