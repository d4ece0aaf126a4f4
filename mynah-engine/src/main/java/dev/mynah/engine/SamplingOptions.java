package dev.mynah.engine;

import dev.mynah.model.SamplingDefaults;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How tokens are chosen, and when generation ends. What changes the distribution applies in this order, as in Hugging Face transformers where it is known there: logit
 * bias, repetition penalty, frequency and presence penalty, watermark, constraint, temperature, top-k, top-p, min-p, typical-p.
 *
 * @param maxTokens         the most tokens to generate
 * @param temperature       what logits are divided by; 0 always takes the most probable token
 * @param topK              only the k most probable tokens; 0 for all
 * @param topP              only the most probable tokens that together reach this probability (Holtzman et al. 2019); 1 for all
 * @param minP              only tokens at least this fraction as probable as the most probable (Nguyen et al. 2024); 0 for all
 * @param typicalP          only the tokens whose surprise is nearest to the expected one that together reach this probability (Meister et al. 2022); 1 for all
 * @param repetitionPenalty divides the positive logits of tokens that stand in the text already, and multiplies their negative ones (Keskar et al. 2019); 1 for none
 * @param frequencyPenalty  subtracted from a token's logit for each time that it was generated, as in the OpenAI API; 0 for none
 * @param presencePenalty   subtracted from the logits of tokens that were generated; 0 for none
 * @param logitBias         added to the logits of these tokens
 * @param seed              the same seed gives the same text
 * @param stop              strings that end the text, which they are no part of
 * @param ignoreEos         whether generation goes on past tokens that end a text
 * @param topLogProbs       alternatives that are reported with each token's log-probability, or -1 for no log-probabilities
 * @param constraint        makes what each text must look like, or null for any text
 * @param watermark         a mark that the text gets, or null for none
 */
public record SamplingOptions(
        int maxTokens,
        double temperature,
        int topK,
        double topP,
        double minP,
        double typicalP,
        double repetitionPenalty,
        double frequencyPenalty,
        double presencePenalty,
        Map<Integer, Double> logitBias,
        long seed,
        List<String> stop,
        boolean ignoreEos,
        int topLogProbs,
        @Nullable Supplier<TokenConstraint> constraint,
        @Nullable Watermark watermark) {

    public SamplingOptions {
        stop = List.copyOf(stop);
        logitBias = Map.copyOf(logitBias);
        require(maxTokens >= 1, "the number of tokens to generate must be at least 1, not " + maxTokens);
        require(
                temperature >= 0 && Double.isFinite(temperature),
                "temperature must be 0 (greedy) or a positive number, not " + temperature);
        require(topK >= 0, "top-k must be 0 (all tokens) or more, not " + topK);
        require(topP > 0 && topP <= 1, "top-p must be above 0 and at most 1 (all tokens), not " + topP);
        require(minP >= 0 && minP <= 1, "min-p must lie in 0 (all tokens)..1, not " + minP);
        require(
                repetitionPenalty > 0 && Double.isFinite(repetitionPenalty),
                "repetition penalty must be a positive number (1 for none), not " + repetitionPenalty);
        require(typicalP > 0 && typicalP <= 1, "typical-p must be above 0 and at most 1 (all tokens), not " + typicalP);
        require(Double.isFinite(frequencyPenalty), "frequency penalty must be a number, not " + frequencyPenalty);
        require(Double.isFinite(presencePenalty), "presence penalty must be a number, not " + presencePenalty);
        require(
                logitBias.values().stream().noneMatch(bias -> bias.isNaN() || bias == Double.POSITIVE_INFINITY),
                "a logit bias must be a number, or negative infinity to forbid the token");
        require(!stop.contains(""), "a stop string must not be empty");
        require(topLogProbs >= -1, "the number of alternatives must be 0 or more, not " + topLogProbs);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Up to {@code maxTokens} tokens, each the most probable. */
    public static SamplingOptions greedy(int maxTokens) {
        return builder().maxTokens(maxTokens).temperature(0).build();
    }

    /** Starts from 128 tokens sampled at temperature 1 from all of the distribution, with seed 0. */
    public static Builder builder() {
        return new Builder();
    }

    /** As {@link #builder()}, but for what the model itself asks for. */
    public static Builder builder(SamplingDefaults model) {
        Builder builder = new Builder();
        builder.temperature = Objects.requireNonNullElse(model.temperature(), builder.temperature);
        builder.topP = Objects.requireNonNullElse(model.topP(), builder.topP);
        builder.topK = Objects.requireNonNullElse(model.topK(), builder.topK);
        builder.minP = Objects.requireNonNullElse(model.minP(), builder.minP);
        builder.repetitionPenalty = Objects.requireNonNullElse(model.repetitionPenalty(), builder.repetitionPenalty);
        return builder;
    }

    /** Starts from these. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.maxTokens = maxTokens;
        builder.temperature = temperature;
        builder.topK = topK;
        builder.topP = topP;
        builder.minP = minP;
        builder.typicalP = typicalP;
        builder.repetitionPenalty = repetitionPenalty;
        builder.frequencyPenalty = frequencyPenalty;
        builder.presencePenalty = presencePenalty;
        builder.logitBias = logitBias;
        builder.seed = seed;
        builder.stop = stop;
        builder.ignoreEos = ignoreEos;
        builder.topLogProbs = topLogProbs;
        builder.constraint = constraint;
        builder.watermark = watermark;
        return builder;
    }

    /** Sets what differs from the defaults. */
    public static final class Builder {
        private int maxTokens = 128;
        private double temperature = 1;
        private int topK;
        private double topP = 1;
        private double minP;
        private double typicalP = 1;
        private double repetitionPenalty = 1;
        private double frequencyPenalty;
        private double presencePenalty;
        private Map<Integer, Double> logitBias = Map.of();
        private long seed;
        private List<String> stop = List.of();
        private boolean ignoreEos;
        private int topLogProbs = -1;
        private @Nullable Supplier<TokenConstraint> constraint;
        private @Nullable Watermark watermark;

        private Builder() {}

        public Builder maxTokens(int value) {
            maxTokens = value;
            return this;
        }

        public Builder temperature(double value) {
            temperature = value;
            return this;
        }

        public Builder topK(int value) {
            topK = value;
            return this;
        }

        public Builder topP(double value) {
            topP = value;
            return this;
        }

        public Builder minP(double value) {
            minP = value;
            return this;
        }

        public Builder typicalP(double value) {
            typicalP = value;
            return this;
        }

        public Builder frequencyPenalty(double value) {
            frequencyPenalty = value;
            return this;
        }

        public Builder presencePenalty(double value) {
            presencePenalty = value;
            return this;
        }

        public Builder logitBias(Map<Integer, Double> value) {
            logitBias = value;
            return this;
        }

        /** Called once for each continuation, on the thread that submits the request. */
        public Builder constraint(@Nullable Supplier<TokenConstraint> value) {
            constraint = value;
            return this;
        }

        public Builder watermark(@Nullable Watermark value) {
            watermark = value;
            return this;
        }

        public Builder repetitionPenalty(double value) {
            repetitionPenalty = value;
            return this;
        }

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        public Builder stop(List<String> value) {
            stop = value;
            return this;
        }

        public Builder ignoreEos(boolean value) {
            ignoreEos = value;
            return this;
        }

        public Builder topLogProbs(int value) {
            topLogProbs = value;
            return this;
        }

        public SamplingOptions build() {
            return new SamplingOptions(
                    maxTokens,
                    temperature,
                    topK,
                    topP,
                    minP,
                    typicalP,
                    repetitionPenalty,
                    frequencyPenalty,
                    presencePenalty,
                    logitBias,
                    seed,
                    stop,
                    ignoreEos,
                    topLogProbs,
                    constraint,
                    watermark);
        }
    }
}
