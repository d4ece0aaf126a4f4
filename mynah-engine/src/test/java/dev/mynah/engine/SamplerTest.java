package dev.mynah.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class SamplerTest {
    private static final JsonNode REFERENCE = Fixtures.json("sampling.json");

    static Stream<JsonNode> cases() {
        return REFERENCE.get("cases").valueStream();
    }

    private static Sampler sampler(JsonNode options) {
        Sampler sampler = new Sampler(SamplingOptions.builder()
                .repetitionPenalty(options.get("repetition_penalty").asDouble())
                .temperature(options.get("temperature").asDouble())
                .topK(options.get("top_k").asInt())
                .topP(options.get("top_p").asDouble())
                .minP(options.get("min_p").asDouble())
                .typicalP(options.get("typical_p").asDouble())
                .logitBias(bias(options.get("logit_bias")))
                .seed(11)
                .build());
        for (int token : Fixtures.ints(REFERENCE.get("seen"))) {
            sampler.observe(token);
        }
        return sampler;
    }

    private static Map<Integer, Double> bias(JsonNode biases) {
        Map<Integer, Double> byToken = new HashMap<>();
        biases.forEachEntry((token, bias) -> byToken.put(Integer.valueOf(token), bias.asDouble()));
        return byToken;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void filtersLeaveTheReferenceDistribution(JsonNode options) {
        double[] probabilities = sampler(options).probabilities(Fixtures.floats(REFERENCE.get("logits")));

        JsonNode expected = options.get("probabilities");
        assertThat(probabilities).hasSize(expected.size());
        for (int id = 0; id < probabilities.length; id++) {
            assertThat(probabilities[id])
                    .as("token %d", id)
                    .isCloseTo(expected.get(id).asDouble(), within(1e-6));
        }
    }

    /** Pearson's chi-square over the tokens that 20,000 draws should give at least 5 times; its 99.99% quantile is below mean + 4 deviations + 8. */
    @ParameterizedTest
    @MethodSource("cases")
    void drawsFollowTheDistribution(JsonNode options) {
        Sampler sampler = sampler(options);
        float[] logits = Fixtures.floats(REFERENCE.get("logits"));
        double[] probabilities = sampler.probabilities(logits);
        assertDrawn(probabilities, () -> sampler.sample(logits));
    }

    /** Guesses are chosen always alike, or drawn from another distribution; what comes out is the model's own. */
    @ParameterizedTest
    @MethodSource("cases")
    void verifiedGuessesFollowTheDistributionToo(JsonNode options) {
        Sampler sampler = sampler(options);
        float[] logits = Fixtures.floats(REFERENCE.get("logits"));
        double[] probabilities = sampler.probabilities(logits);
        int likely = Logits.argmax(logits);
        assertDrawn(probabilities, () -> sampler.verify(logits, likely, new double[0]));
        assertDrawn(probabilities, () -> sampler.verify(logits, 3, new double[0]));

        float[] otherLogits = new float[logits.length];
        for (int id = 0; id < logits.length; id++) {
            otherLogits[id] = 0.6f * logits[id] + (id * 37 % 11) / 5f;
        }
        Sampler guesser = new Sampler(SamplingOptions.builder().topK(30).seed(4).build());
        double[] guessed = guesser.probabilities(otherLogits);
        assertDrawn(probabilities, () -> sampler.verify(logits, guesser.sample(otherLogits), guessed));
    }

    private static void assertDrawn(double[] probabilities, IntSupplier draw) {
        int draws = 20_000;
        int[] counts = new int[probabilities.length];
        for (int i = 0; i < draws; i++) {
            counts[draw.getAsInt()]++;
        }

        double chiSquare = 0;
        int cells = 0;
        for (int id = 0; id < counts.length; id++) {
            double expected = draws * probabilities[id];
            if (expected == 0) {
                assertThat(counts[id]).as("a token that is filtered out").isZero();
            } else if (expected >= 5) {
                chiSquare += (counts[id] - expected) * (counts[id] - expected) / expected;
                cells++;
            }
        }
        int freedom = Math.max(1, cells - 1);
        assertThat(chiSquare).isLessThan(freedom + 4 * Math.sqrt(2.0 * freedom) + 8);
    }

    @Test
    void aGoodGuesserIsMostlyRight() {
        float[] logits = Fixtures.floats(REFERENCE.get("logits"));
        Sampler sampler = new Sampler(SamplingOptions.builder().build());
        Sampler guesser = new Sampler(SamplingOptions.builder().seed(1).build());
        double[] same = guesser.probabilities(logits);
        for (int i = 0; i < 100; i++) {
            int guess = guesser.sample(logits);
            assertThat(sampler.verify(logits, guess, same)).isEqualTo(guess);
        }
    }

    @Test
    void frequencyAndPresencePenaltiesCountWhatWasGenerated() {
        Sampler sampler = new Sampler(SamplingOptions.builder()
                .temperature(0)
                .frequencyPenalty(0.5)
                .presencePenalty(1)
                .build());
        float[] logits = {3, 4.9f, 0, 0};
        sampler.observe(1);
        sampler.observe(1);
        assertThat(sampler.sample(logits)).isEqualTo(1);
        sampler.accept(1);
        assertThat(sampler.sample(logits)).isEqualTo(1);
        sampler.accept(1);
        assertThat(sampler.sample(logits)).isEqualTo(0);
        sampler.accept(0);
        assertThat(sampler.sample(logits)).isEqualTo(1);
    }

    /** Allows the tokens of one word, one after the other. */
    private static final class Spelling implements TokenConstraint {
        private final int[] word;
        private int place;

        Spelling(int... word) {
            this.word = word;
        }

        @Override
        public void mask(float[] logits, int left) {
            for (int id = 0; id < logits.length; id++) {
                logits[id] = id == word[place] ? logits[id] : Float.NEGATIVE_INFINITY;
            }
        }

        @Override
        public void accept(int token) {
            assertThat(token).isEqualTo(word[place++]);
        }

        @Override
        public boolean complete() {
            return place == word.length;
        }

        @Override
        public boolean cutShort() {
            return false;
        }
    }

    @Test
    void aConstraintDecidesWhatMayCome() {
        Sampler sampler = new Sampler(
                SamplingOptions.builder().constraint(() -> new Spelling(3, 1)).build());
        float[] logits = {5, 4, 3, 2};
        for (int expected : new int[] {3, 1}) {
            assertThat(sampler.isComplete()).isFalse();
            assertThat(sampler.sample(logits)).isEqualTo(expected);
            sampler.accept(expected);
        }
        assertThat(sampler.isComplete()).isTrue();
    }

    @Test
    void forbiddingEverythingIsAnErrorOfTheRequest() {
        Sampler sampler = new Sampler(SamplingOptions.builder()
                .logitBias(Map.of(0, Double.NEGATIVE_INFINITY, 1, Double.NEGATIVE_INFINITY))
                .build());

        assertThatThrownBy(() -> sampler.sample(new float[] {1, 2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("forbid every token");
    }

    @Test
    void theSeedDecidesTheDraws() {
        float[] logits = Fixtures.floats(REFERENCE.get("logits"));

        assertThat(draws(logits, 5)).isEqualTo(draws(logits, 5)).isNotEqualTo(draws(logits, 6));
    }

    private static int[] draws(float[] logits, long seed) {
        Sampler sampler = new Sampler(SamplingOptions.builder().seed(seed).build());
        return IntStream.range(0, 50).map(i -> sampler.sample(logits)).toArray();
    }

    @Test
    void greedyTakesTheLowestOfEqualTokens() {
        Sampler sampler = new Sampler(SamplingOptions.greedy(1));

        assertThat(sampler.sample(new float[] {1, 3, 2, 3})).isEqualTo(1);
    }

    @Test
    void greedyCountsTheRepetitionPenalty() {
        Sampler sampler = new Sampler(
                SamplingOptions.builder().temperature(0).repetitionPenalty(2).build());
        sampler.observe(1);

        assertThat(sampler.sample(new float[] {1, 3, 2, 0})).isEqualTo(2);
    }

    @Test
    void aTinyTemperatureIsGreedy() {
        Sampler sampler =
                new Sampler(SamplingOptions.builder().temperature(1e-300).build());

        assertThat(sampler.probabilities(new float[] {1, 3, 2})).containsExactly(0, 1, 0);
    }

    @Test
    void logitsThatAreNoNumbersAreRefused() {
        Sampler sampler = new Sampler(SamplingOptions.greedy(1));

        assertThatThrownBy(() -> sampler.sample(new float[] {1, Float.NaN}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not numbers");
        assertThatThrownBy(() -> sampler.sample(new float[] {1, Float.POSITIVE_INFINITY}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("infinite");
    }

    @Test
    void topGivesTheGreatestInOrderAndEqualOnesByRisingId() {
        assertThat(Logits.top(new float[] {2, 5, 2, 7, 2, 5}, 4)).containsExactly(3, 1, 5, 0);
        assertThat(Logits.top(new float[] {2, 5}, 9)).containsExactly(1, 0);
        assertThat(Logits.top(new float[] {2, 5}, 0)).isEmpty();
    }

    @Test
    void optionsOutOfRangeAreRefusedInASentence() {
        assertRefused(SamplingOptions.builder().temperature(-1), "temperature must be 0 (greedy)");
        assertRefused(SamplingOptions.builder().temperature(Double.NaN), "temperature must be 0 (greedy)");
        assertRefused(SamplingOptions.builder().topK(-1), "top-k must be 0");
        assertRefused(SamplingOptions.builder().topP(0), "top-p must be above 0");
        assertRefused(SamplingOptions.builder().minP(1.5), "min-p must lie in");
        assertRefused(SamplingOptions.builder().repetitionPenalty(0), "repetition penalty must be");
        assertRefused(SamplingOptions.builder().maxTokens(0), "number of tokens to generate must be at least 1");
        assertRefused(SamplingOptions.builder().stop(List.of("")), "a stop string must not be empty");
    }

    private static void assertRefused(SamplingOptions.Builder options, String message) {
        assertThatThrownBy(options::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
