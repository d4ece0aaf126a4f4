package dev.mynah.server.account;

import java.time.Instant;

/** A person with an account. */
public record User(String id, String email, String name, Role role, UserState state, Instant createdAt) {}
