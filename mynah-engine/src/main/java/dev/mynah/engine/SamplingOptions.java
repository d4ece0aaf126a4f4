package dev.mynah.engine;

import java.util.List;

/**
 * How tokens are chosen, and when generation ends. The filters apply in this order, as in Hugging Face transformers: repetition penalty, temperature, top-k, top-p, min-p.
 *
 * @param maxTokens         the most tokens to generate
 * @param temperature       what logits are divided by; 0 always takes the most probable token
 * @param topK              only the k most probable tokens; 0 for all
 * @param topP              only the most probable tokens that together reach this probability (Holtzman et al. 2019); 1 for all
 * @param minP              only tokens at least this fraction as probable as the most probable (Nguyen et al. 2024); 0 for all
 * @param repetitionPenalty divides the positive logits of tokens that stand in the text already, and multiplies their negative ones (Keskar et al. 2019); 1 for none
 * @param seed              the same seed gives the same text
 * @param stop              strings that end the text, which they are no part of
 * @param ignoreEos         whether generation goes on past tokens that end a text
 * @param topLogProbs       alternatives that are reported with each token's log-probability, or -1 for no log-probabilities
 */
public record SamplingOptions(
        int maxTokens,
        double temperature,
        int topK,
        double topP,
        double minP,
        double repetitionPenalty,
        long seed,
        List<String> stop,
        boolean ignoreEos,
        int topLogProbs) {

    public SamplingOptions {
        stop = List.copyOf(stop);
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

    /** Sets what differs from the defaults. */
    public static final class Builder {
        private int maxTokens = 128;
        private double temperature = 1;
        private int topK;
        private double topP = 1;
        private double minP;
        private double repetitionPenalty = 1;
        private long seed;
        private List<String> stop = List.of();
        private boolean ignoreEos;
        private int topLogProbs = -1;

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
                    maxTokens, temperature, topK, topP, minP, repetitionPenalty, seed, stop, ignoreEos, topLogProbs);
        }
    }
}
