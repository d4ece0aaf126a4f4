package dev.mynah.train.objective;

import dev.mynah.tensor.Tensor;

/** Estimates of the divergence {@code KL(policy || reference)} in nats, from one token that the policy sampled. */
public final class Kl {

    private Kl() {}

    /** {@code log policy - log reference}: unbiased, and often negative. */
    public static double k1(double policyLogProb, double referenceLogProb) {
        return policyLogProb - referenceLogProb;
    }

    /** {@code exp(-d) - 1 + d} with {@code d} of {@link #k1}: unbiased too, never negative, and of less variance (Schulman 2020). */
    public static double k3(double policyLogProb, double referenceLogProb) {
        double difference = referenceLogProb - policyLogProb;
        return Math.expm1(difference) - difference;
    }

    /** {@link #k3} of each token {@code [tokens]}, with the graph of the policy's. */
    public static Tensor k3(Tensor policyLogProbs, Tensor referenceLogProbs) {
        Tensor difference = referenceLogProbs.sub(policyLogProbs);
        return difference.exp().sub(difference).add(-1);
    }

    /**
     * The coefficient of a penalty that steers the divergence towards a target (Ziegler et al. 2019, section 2.2). Immutable; a checkpoint keeps it.
     *
     * @param coefficient what the divergence is multiplied by now
     * @param target nats an answer
     * @param horizon answers in which the coefficient may grow by a fifth of itself
     */
    public record Controller(double coefficient, double target, double horizon) {

        /** After {@code answers} more answers, whose divergence was {@code kl} nats an answer on average. */
        public Controller after(double kl, int answers) {
            double error = Math.clamp(kl / target - 1, -0.2, 0.2);
            return new Controller(coefficient * (1 + error * answers / horizon), target, horizon);
        }
    }
}
