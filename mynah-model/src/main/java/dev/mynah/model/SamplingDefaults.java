package dev.mynah.model;

import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/**
 * How a model wants to be sampled where nobody says otherwise, by the names of {@code generation_config.json}; null where it does not say.
 *
 * @param temperature       what logits are divided by; 0 always takes the most probable token
 * @param topP              only the most probable tokens that together reach this probability
 * @param topK              only the k most probable tokens; 0 for all
 * @param minP              only tokens at least this fraction as probable as the most probable
 * @param repetitionPenalty divides the positive logits of tokens that stand in the text already
 */
public record SamplingDefaults(
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer topK,
        @Nullable Double minP,
        @Nullable Double repetitionPenalty) {
    /** Says nothing. */
    public static final SamplingDefaults NONE = new SamplingDefaults(null, null, null, null, null);

    /** From the whole distribution at a temperature. */
    public static SamplingDefaults at(double temperature) {
        return new SamplingDefaults(temperature, 1.0, null, null, null);
    }

    static SamplingDefaults of(JsonFields fields) {
        Double topK =
                number(fields, "top_k", k -> k == Math.rint(k) && k <= Integer.MAX_VALUE, "must be a whole number");
        return new SamplingDefaults(
                number(fields, "temperature", t -> t >= 0, "must be 0 or more"),
                number(fields, "top_p", p -> p > 0 && p <= 1, "must be above 0 and at most 1"),
                // Some say -1 for all tokens.
                topK == null ? null : Math.max(0, topK.intValue()),
                number(fields, "min_p", p -> p >= 0 && p <= 1, "must lie in 0..1"),
                number(fields, "repetition_penalty", r -> r > 0, "must be above 0"));
    }

    private static @Nullable Double number(JsonFields fields, String name, DoublePredicate allowed, String otherwise) {
        if (!fields.has(name)) {
            return null;
        }
        double value = fields.number(name);
        if (!allowed.test(value)) {
            throw fields.error(name, otherwise);
        }
        return value;
    }
}
