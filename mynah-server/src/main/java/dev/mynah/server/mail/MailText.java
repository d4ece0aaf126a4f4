package dev.mynah.server.mail;

/** What a mail says. */
public record MailText(String subject, String text) {}
