package dev.mynah.train.ppo;

import dev.mynah.train.objective.Advantages;
import dev.mynah.train.objective.Kl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An answer with all that is learned from it; the arrays have a number a token of the answer.
 *
 * @param advantages how much better than expected each token was
 * @param values what the value model expected before each token; empty where there is none
 * @param returns what it should have said; empty where there is none
 */
@SuppressWarnings("ArrayRecordComponent") // numbers by the hundred; never compared
record Experience(Judged judged, double[] advantages, float[] values, double[] returns) {

    private static final float[] NO_VALUES = {};
    private static final double[] NO_RETURNS = {};

    /** The divergence of each token is paid where it arises, the answer's score where {@link Scores.Score#paid} says. */
    static Experience of(Judged judged, float[] values, double klCoefficient, double gamma, double lambda) {
        double[] rewards = judged.score().paid().clone();
        double[] expected = new double[values.length];
        for (int t = 0; t < rewards.length; t++) {
            rewards[t] -= klCoefficient * Kl.k1(judged.logProbs()[t], judged.reference()[t]);
            expected[t] = values[t];
        }
        Advantages.Estimate estimate = Advantages.gae(rewards, expected, gamma, lambda);
        return new Experience(judged, estimate.advantages(), values, estimate.returns());
    }

    /** An answer whose tokens all were better than expected by the same number. */
    static Experience of(Judged judged, double advantage) {
        double[] advantages = new double[judged.rollout().length()];
        Arrays.fill(advantages, advantage);
        return new Experience(judged, advantages, NO_VALUES, NO_RETURNS);
    }

    /** The same answers with advantages of mean 0 and variance 1 over all their tokens. */
    static List<Experience> whitened(List<Experience> batch) {
        double[] white = Advantages.whitened(
                batch.stream().flatMapToDouble(e -> Arrays.stream(e.advantages)).toArray());
        List<Experience> whitened = new ArrayList<>();
        int from = 0;
        for (Experience one : batch) {
            int to = from + one.advantages.length;
            whitened.add(new Experience(one.judged, Arrays.copyOfRange(white, from, to), one.values, one.returns));
            from = to;
        }
        return whitened;
    }
}
