package dev.mynah.server.conversation;

import dev.mynah.engine.SamplingOptions;
import dev.mynah.server.answer.SamplingKeys;
import dev.mynah.server.web.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How an answer is wished for.
 *
 * @param system      what the model is told before the conversation, or null
 * @param temperature null for what the model asks for
 * @param topP        the share of the probability that tokens are chosen from, 0 to 1; null for what the model asks for
 * @param seed        null for one by chance
 * @param stop        texts before which the answer ends
 * @param maxTokens   the most tokens of the answer; beyond the context it means all that it has room for
 */
public record AnswerSettings(
        @Nullable String system,
        @Nullable Double temperature,
        @Nullable Double topP,
        double frequencyPenalty,
        double presencePenalty,
        @Nullable Long seed,
        List<String> stop,
        int maxTokens) {
    static final AnswerSettings DEFAULT =
            new AnswerSettings(null, null, null, 0, 0, null, List.of(), Integer.MAX_VALUE);

    private static final int MAX_SYSTEM = 20_000;
    private static final double MIN_TOP_P = 0.01;

    /** Takes the keys {@code system}, {@code max_tokens} and those of the sampling from a body. */
    static AnswerSettings read(JsonObject body) {
        String system = body.string("system").filter(text -> !text.isBlank()).orElse(null);
        if (system != null && system.length() > MAX_SYSTEM) {
            throw body.invalid("system", "it has at most " + MAX_SYSTEM + " characters");
        }
        OptionalDouble temperature = SamplingKeys.temperature(body);
        OptionalDouble topP = body.number("top_p", MIN_TOP_P, 1);
        OptionalLong seed = SamplingKeys.seed(body);
        return new AnswerSettings(
                system,
                temperature.isPresent() ? temperature.getAsDouble() : null,
                topP.isPresent() ? topP.getAsDouble() : null,
                SamplingKeys.frequencyPenalty(body),
                SamplingKeys.presencePenalty(body),
                seed.isPresent() ? seed.getAsLong() : null,
                SamplingKeys.stop(body),
                body.integer("max_tokens", 1, Integer.MAX_VALUE).orElse(DEFAULT.maxTokens));
    }

    /** With what the user's account says before it. */
    AnswerSettings after(Optional<String> instructions) {
        return instructions
                .map(first -> new AnswerSettings(
                        system == null ? first : first + "\n\n" + system,
                        temperature,
                        topP,
                        frequencyPenalty,
                        presencePenalty,
                        seed,
                        stop,
                        maxTokens))
                .orElse(this);
    }

    /** What a model samples by, given what it asks for itself. */
    SamplingOptions over(SamplingOptions.Builder model, long chance) {
        if (temperature != null) {
            model.temperature(temperature);
        }
        if (topP != null) {
            model.topP(topP);
        }
        return model.frequencyPenalty(frequencyPenalty)
                .presencePenalty(presencePenalty)
                .seed(seed == null ? chance : seed)
                .stop(stop)
                .maxTokens(maxTokens)
                .build();
    }

    /** As it was sampled. */
    AnswerSettings at(SamplingOptions sampling) {
        return new AnswerSettings(
                system,
                sampling.temperature(),
                sampling.topP(),
                frequencyPenalty,
                presencePenalty,
                sampling.seed(),
                stop,
                maxTokens);
    }
}
