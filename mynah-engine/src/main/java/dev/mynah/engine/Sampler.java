package dev.mynah.engine;

import dev.mynah.engine.fused.Functions;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Chooses the tokens of one text, by {@link SamplingOptions}. For one thread. */
public final class Sampler {
    private static final String ALGORITHM = "L64X128MixRandom";

    private final SamplingOptions options;
    private final RandomGenerator random;
    private final @Nullable TokenConstraint constraint;
    private final int limit;
    /** Whether the options leave the logits as they are. */
    private final boolean unchanged;

    private final BitSet seen = new BitSet();
    private int previous = -1;
    /** How often each token was generated. */
    private final Map<Integer, Integer> generated = new HashMap<>();

    private int written;

    public Sampler(SamplingOptions options) {
        this(options, 0, options.maxTokens());
    }

    /** A sampler for one of several continuations, whose seeds follow one another, of at most {@code limit} tokens. */
    Sampler(SamplingOptions options, int continuation, int limit) {
        this.options = options;
        this.limit = limit;
        random = RandomGeneratorFactory.of(ALGORITHM).create(options.seed() + continuation);
        Supplier<TokenConstraint> supplier = options.constraint();
        constraint = supplier == null ? null : supplier.get();
        unchanged = constraint == null
                && options.watermark() == null
                && options.logitBias().isEmpty()
                && options.repetitionPenalty() == 1
                && options.frequencyPenalty() == 0
                && options.presencePenalty() == 0;
    }

    /** Tells of a token that stands in the prompt, one after the other; the repetition penalty counts it. */
    public void observe(int token) {
        previous = token;
        seen.set(token);
    }

    /** Tells of a token that was generated, which all penalties count, and the constraint. */
    public void accept(int token) {
        previous = token;
        seen.set(token);
        generated.merge(token, 1, Integer::sum);
        written++;
        if (constraint != null) {
            constraint.accept(token);
        }
    }

    /** Whether the constraint says that the text is complete. */
    boolean isComplete() {
        return constraint != null && constraint.complete();
    }

    /** Whether the constraint ended the text sooner than the model would have, so that it is complete within its tokens. */
    boolean isCutShort() {
        return constraint != null && constraint.cutShort();
    }

    /**
     * A token.
     *
     * @param logits {@code [vocabSize]}, left as they are
     */
    public int sample(float[] logits) {
        if (options.temperature() > 0) {
            return draw(probabilities(logits));
        }
        return unchanged ? Logits.requireGreatest(logits) : Logits.argmax(scores(logits));
    }

    /**
     * A token, which is {@code guess} as often as can be without a change of the distribution (Leviathan et al. 2023, algorithm 1): a guess that the guesser finds likelier than the
     * model does is accepted only in proportion; otherwise the token is drawn from where the model's distribution exceeds the guesser's.
     *
     * @param logits  {@code [vocabSize]}, left as they are
     * @param guessed the distribution {@code [vocabSize]} that the guess was drawn from, or empty if it was not drawn
     */
    int verify(float[] logits, int guess, double[] guessed) {
        if (options.temperature() == 0) {
            return sample(logits);
        }
        double[] probabilities = probabilities(logits);
        double likely = guessed.length == 0 ? 1 : guessed[guess];
        if (random.nextDouble() * likely < probabilities[guess]) {
            return guess;
        }
        probabilities[guess] = 0;
        for (int id = 0; id < guessed.length; id++) {
            probabilities[id] = Math.max(0, probabilities[id] - guessed[id]);
        }
        normalise(probabilities);
        return draw(probabilities);
    }

    /** A token of a distribution. */
    int draw(double[] probabilities) {
        double rest = random.nextDouble();
        int last = 0;
        for (int id = 0; id < probabilities.length; id++) {
            if (probabilities[id] > 0) {
                last = id;
                rest -= probabilities[id];
                if (rest < 0) {
                    break;
                }
            }
        }
        return last;
    }

    /** The distribution that a token is drawn from, after all filters, at a temperature above 0. */
    double[] probabilities(float[] logits) {
        float[] scores = scores(logits);
        float max = scores[Logits.argmax(scores)];
        float least = lowestOfTopK(scores);
        Functions.exponentials(scores, max, options.temperature(), least);
        double[] probabilities = new double[scores.length];
        for (int id = 0; id < scores.length; id++) {
            probabilities[id] = scores[id];
        }
        normalise(probabilities);
        keepTopP(probabilities);
        keepMinP(probabilities);
        keepTypicalP(probabilities);
        return probabilities;
    }

    /** The logits after all that changes them before the temperature. */
    private float[] scores(float[] logits) {
        Logits.requireGreatest(logits);
        float[] scores = logits.clone();
        options.logitBias().forEach((id, bias) -> {
            if (id >= 0 && id < scores.length) {
                scores[id] += (float) (double) bias;
            }
        });
        float penalty = (float) options.repetitionPenalty();
        if (penalty != 1) {
            seen.stream().forEach(id -> scores[id] = scores[id] < 0 ? scores[id] * penalty : scores[id] / penalty);
        }
        if (options.frequencyPenalty() != 0 || options.presencePenalty() != 0) {
            generated.forEach((id, count) ->
                    scores[id] -= (float) (count * options.frequencyPenalty() + options.presencePenalty()));
        }
        if (options.watermark() != null) {
            options.watermark().mark(previous, scores);
        }
        if (constraint != null) {
            constraint.mask(scores, limit - written);
        }
        if (scores[Logits.argmax(scores)] == Float.NEGATIVE_INFINITY) {
            throw new IllegalArgumentException("the constraint and the logit bias together forbid every token");
        }
        return scores;
    }

    /** Tokens as probable as the k-th stay with it. */
    private float lowestOfTopK(float[] scores) {
        if (options.topK() == 0 || options.topK() >= scores.length) {
            return Float.NEGATIVE_INFINITY;
        }
        int[] top = Logits.top(scores, options.topK());
        return scores[top[top.length - 1]];
    }

    /** Drops the least probable tokens that together do not exceed {@code 1 - topP}. */
    private void keepTopP(double[] probabilities) {
        double spare = 1 - options.topP();
        if (spare == 0) {
            return;
        }
        // Tokens below spare / vocabSize are dropped in any case, all of them together being less than that: only the
        // others need sorting.
        double certain = spare / probabilities.length;
        double dropped = 0;
        for (int id = 0; id < probabilities.length; id++) {
            if (probabilities[id] < certain) {
                dropped += probabilities[id];
                probabilities[id] = 0;
            }
        }
        double[] rising =
                Arrays.stream(probabilities).filter(p -> p > 0).sorted().toArray();
        int drop = 0;
        while (drop < rising.length - 1 && dropped + rising[drop] <= spare) {
            dropped += rising[drop++];
        }
        drop(probabilities, rising, drop);
        normalise(probabilities);
    }

    /** Drops the {@code count} least of {@code probabilities}, which stand in {@code rising} order; of equal ones those with the highest ids. */
    private static void drop(double[] probabilities, double[] rising, int count) {
        double least = rising[count];
        int equal = 0;
        while (equal < count && rising[count - 1 - equal] == least) {
            equal++;
        }
        for (int id = probabilities.length - 1; id >= 0; id--) {
            if (probabilities[id] < least || (probabilities[id] == least && equal-- > 0)) {
                probabilities[id] = 0;
            }
        }
    }

    private void keepMinP(double[] probabilities) {
        if (options.minP() == 0) {
            return;
        }
        double least = options.minP() * Arrays.stream(probabilities).max().orElseThrow();
        for (int id = 0; id < probabilities.length; id++) {
            if (probabilities[id] < least) {
                probabilities[id] = 0;
            }
        }
        normalise(probabilities);
    }

    /** Drops all but the tokens whose surprise is nearest to the expected one, the entropy, that together reach {@code typicalP}; those as near as the last stay with it. */
    private void keepTypicalP(double[] probabilities) {
        if (options.typicalP() == 1) {
            return;
        }
        double entropy = Arrays.stream(probabilities)
                .filter(p -> p > 0)
                .map(p -> -p * Math.log(p))
                .sum();
        double[] distances = Arrays.stream(probabilities)
                .map(p -> Math.abs(-Math.log(p) - entropy))
                .toArray();
        int[] nearest = IntStream.range(0, probabilities.length)
                .filter(id -> probabilities[id] > 0)
                .boxed()
                .sorted(Comparator.comparingDouble(id -> distances[id]))
                .mapToInt(Integer::intValue)
                .toArray();
        double reached = 0;
        int last = -1;
        while (reached < options.typicalP() && last + 1 < nearest.length) {
            reached += probabilities[nearest[++last]];
        }
        double farthest = distances[nearest[last]];
        for (int id = 0; id < probabilities.length; id++) {
            if (distances[id] > farthest) {
                probabilities[id] = 0;
            }
        }
        normalise(probabilities);
    }

    private static void normalise(double[] probabilities) {
        double sum = 0;
        for (double probability : probabilities) {
            sum += probability;
        }
        for (int id = 0; id < probabilities.length; id++) {
            probabilities[id] /= sum;
        }
    }
}
