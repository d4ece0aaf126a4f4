package dev.mynah.server.account;

/** A part of an organisation that keys and usage belong to. */
public record Project(String id, String organisationId, String name) {}
