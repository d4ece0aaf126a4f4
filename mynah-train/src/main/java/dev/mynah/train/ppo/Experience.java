package dev.mynah.train.ppo;

import dev.mynah.train.objective.Advantages;
import dev.mynah.train.objective.Kl;
import dev.mynah.train.ppo.Scores.Score;

/**
 * An answer with all that is learned from it; the arrays have a number a token of the answer.
 *
 * @param logProbs of the policy that wrote it, in nats
 * @param reference log-probabilities of the model that the policy began as
 * @param values what the value model expected before each token
 * @param estimate advantages, and what the value model should have said
 */
@SuppressWarnings("ArrayRecordComponent") // numbers by the hundred; never compared
record Experience(
        Rollout rollout,
        Score score,
        float[] logProbs,
        float[] reference,
        float[] values,
        Advantages.Estimate estimate) {

    /** The divergence of each token is paid where it arises; the answer's score is paid at its last token, which is its end where it has one. */
    static Experience of(
            Rollout rollout,
            Score score,
            float[] logProbs,
            float[] reference,
            float[] values,
            double klCoefficient,
            double gamma,
            double lambda) {
        double[] rewards = new double[logProbs.length];
        double[] expected = new double[logProbs.length];
        for (int t = 0; t < rewards.length; t++) {
            rewards[t] = -klCoefficient * Kl.k1(logProbs[t], reference[t]);
            expected[t] = values[t];
        }
        rewards[rewards.length - 1] += score.total();
        return new Experience(
                rollout, score, logProbs, reference, values, Advantages.gae(rewards, expected, gamma, lambda));
    }

    /** The divergence of the whole answer, in nats. */
    double kl() {
        double kl = 0;
        for (int t = 0; t < logProbs.length; t++) {
            kl += Kl.k1(logProbs[t], reference[t]);
        }
        return kl;
    }
}
