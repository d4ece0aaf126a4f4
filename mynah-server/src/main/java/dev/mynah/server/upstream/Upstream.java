package dev.mynah.server.upstream;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Another service that speaks the OpenAI API.
 *
 * @param id      its name
 * @param baseUrl what paths such as {@code /chat/completions} are added to
 * @param apiKey  what it is asked with, or null for nothing
 */
public record Upstream(String id, String baseUrl, @Nullable String apiKey, boolean enabled, Instant createdAt) {}
