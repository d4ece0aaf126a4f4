package dev.mynah.server.mail;

import java.time.Instant;

/**
 * A mail of plain text.
 *
 * @param id the same at every attempt to send it; its {@code Message-ID} is made of it
 */
public record Mail(String id, String to, String subject, String text, Instant createdAt) {}
