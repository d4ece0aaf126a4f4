package dev.mynah.server.moderation;

/** A place of a text, from {@code start} up to {@code end}, both in characters of the original. */
record Finding(Category category, int start, int end) {}
