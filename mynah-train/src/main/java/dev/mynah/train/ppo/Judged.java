package dev.mynah.train.ppo;

import dev.mynah.train.objective.Kl;
import dev.mynah.train.ppo.Scores.Score;

/**
 * An answer, what it is worth and how likely it was; the arrays have a number a token of the answer.
 *
 * @param logProbs of the policy that wrote it, in nats
 * @param reference log-probabilities of the model that the policy began as
 */
@SuppressWarnings("ArrayRecordComponent") // numbers by the hundred; never compared
record Judged(Rollout rollout, Score score, float[] logProbs, float[] reference) {

    /** The divergence of the whole answer, in nats. */
    double kl() {
        double kl = 0;
        for (int t = 0; t < logProbs.length; t++) {
            kl += Kl.k1(logProbs[t], reference[t]);
        }
        return kl;
    }
}
