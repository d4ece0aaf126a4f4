package dev.mynah.server.conversation;

import org.jspecify.annotations.Nullable;

/**
 * A message, and how it came about.
 *
 * @param model            that wrote it, or null
 * @param promptTokens     that its answers read, all continuations together
 * @param completionTokens that its answers wrote
 * @param rating           {@code good}, {@code bad} or null
 */
record MessageDetails(
        Message message,
        @Nullable String model,
        int promptTokens,
        int completionTokens,
        @Nullable String rating) {}
