package dev.mynah.train.objective;

import dev.mynah.tensor.Tensor;

/** Direct preference optimisation (Rafailov et al. 2023, equation 7): the policy itself is the reward model, {@code r = beta * (log policy - log reference)}. */
public final class DpoLoss {

    private DpoLoss() {}

    /** The reward of answers that the policy stands for, {@code [n]}, up to a number that is the same for all answers to a prompt. */
    public static Tensor rewards(Tensor policyLogProbs, Tensor referenceLogProbs, double beta) {
        return policyLogProbs.sub(referenceLogProbs).mul(beta);
    }

    /**
     * {@code -log sigmoid(chosen - rejected)} of each pair, in nats.
     *
     * @param chosen rewards {@code [pairs]} of the answers that were preferred
     * @param rejected rewards {@code [pairs]} of the others
     * @param smoothing probability that a label is wrong (conservative DPO, Mitchell 2023), 0 for labels that are trusted
     */
    public static Tensor of(Tensor chosen, Tensor rejected, double smoothing) {
        Tensor margins = chosen.sub(rejected);
        Tensor losses = margins.logSigmoid().mul(-(1 - smoothing));
        return smoothing == 0 ? losses : losses.sub(margins.neg().logSigmoid().mul(smoothing));
    }
}
