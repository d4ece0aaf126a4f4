package dev.mynah.server.conversation;

import dev.mynah.server.web.JsonObject;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How an answer is wished for.
 *
 * @param system      what the model is told before the conversation, or null
 * @param temperature null for what the model asks for
 * @param maxTokens   the most tokens of the answer; beyond the context it means all that it has room for
 */
public record AnswerSettings(
        @Nullable String system, @Nullable Double temperature, int maxTokens) {
    static final AnswerSettings DEFAULT = new AnswerSettings(null, null, Integer.MAX_VALUE);

    private static final int MAX_SYSTEM = 20_000;
    private static final double MAX_TEMPERATURE = 2;

    /** Takes the keys {@code system}, {@code temperature} and {@code max_tokens} of a body. */
    static AnswerSettings read(JsonObject body) {
        String system = body.string("system").filter(text -> !text.isBlank()).orElse(null);
        if (system != null && system.length() > MAX_SYSTEM) {
            throw body.invalid("system", "it has at most " + MAX_SYSTEM + " characters");
        }
        OptionalDouble temperature = body.number("temperature", 0, MAX_TEMPERATURE);
        return new AnswerSettings(
                system,
                temperature.isPresent() ? temperature.getAsDouble() : null,
                body.integer("max_tokens", 1, Integer.MAX_VALUE).orElse(DEFAULT.maxTokens));
    }

    /** With what the user's account says before it. */
    AnswerSettings after(Optional<String> instructions) {
        return instructions
                .map(first ->
                        new AnswerSettings(system == null ? first : first + "\n\n" + system, temperature, maxTokens))
                .orElse(this);
    }

    /** As it was sampled. */
    AnswerSettings at(double temperature) {
        return new AnswerSettings(system, temperature, maxTokens);
    }
}
