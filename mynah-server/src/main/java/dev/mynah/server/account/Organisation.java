package dev.mynah.server.account;

/** Who pays: a company, or one person's own. */
public record Organisation(String id, String name, String planId) {}
