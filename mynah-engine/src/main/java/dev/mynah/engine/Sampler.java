package dev.mynah.engine;

import java.util.Arrays;
import java.util.BitSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/** Chooses the tokens of one text, by {@link SamplingOptions}. For one thread. */
public final class Sampler {
    private static final String ALGORITHM = "L64X128MixRandom";

    private final SamplingOptions options;
    private final RandomGenerator random;
    private final BitSet seen = new BitSet();

    public Sampler(SamplingOptions options) {
        this.options = options;
        random = RandomGeneratorFactory.of(ALGORITHM).create(options.seed());
    }

    /** Tells of a token that stands in the text, prompt included, which the repetition penalty counts. */
    public void observe(int token) {
        seen.set(token);
    }

    /**
     * A token.
     *
     * @param logits {@code [vocabSize]}, left as they are
     */
    public int sample(float[] logits) {
        if (options.temperature() == 0) {
            return Logits.argmax(penalised(logits));
        }
        double[] probabilities = probabilities(logits);
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
        float[] scores = penalised(logits);
        float max = scores[Logits.argmax(scores)];
        float least = lowestOfTopK(scores);
        double[] probabilities = new double[scores.length];
        for (int id = 0; id < scores.length; id++) {
            if (scores[id] >= least) {
                probabilities[id] = Math.exp(((double) scores[id] - max) / options.temperature());
            }
        }
        normalise(probabilities);
        keepTopP(probabilities);
        keepMinP(probabilities);
        return probabilities;
    }

    private float[] penalised(float[] logits) {
        float[] scores = logits.clone();
        float penalty = (float) options.repetitionPenalty();
        if (penalty != 1) {
            seen.stream().forEach(id -> scores[id] = scores[id] < 0 ? scores[id] * penalty : scores[id] / penalty);
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
            if (probabilities[id] <= certain) {
                dropped += probabilities[id];
                probabilities[id] = 0;
            }
        }
        int[] rising = rising(probabilities);
        for (int i = 0; i < rising.length - 1; i++) {
            dropped += probabilities[rising[i]];
            if (dropped > spare) {
                break;
            }
            probabilities[rising[i]] = 0;
        }
        normalise(probabilities);
    }

    /** The tokens of positive probability by rising probability, equal ones by falling id. */
    private static int[] rising(double[] probabilities) {
        return IntStream.range(0, probabilities.length)
                .filter(id -> probabilities[id] > 0)
                .boxed()
                .sorted((a, b) -> probabilities[a] == probabilities[b]
                        ? Integer.compare(b, a)
                        : Double.compare(probabilities[a], probabilities[b]))
                .mapToInt(Integer::intValue)
                .toArray();
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

    private static void normalise(double[] probabilities) {
        double sum = Arrays.stream(probabilities).sum();
        for (int id = 0; id < probabilities.length; id++) {
            probabilities[id] /= sum;
        }
    }
}
