package dev.mynah.train.objective;

import dev.mynah.tensor.Tensor;

/**
 * Group relative policy optimisation (Shao et al. 2024, equation 3): PPO's clipped loss and, instead of a penalty in the reward, the divergence from the reference in the loss. Every answer counts
 * alike, however long it is: the mean over answers of the mean over their tokens.
 *
 * @param clip how far the ratio counts from 1
 * @param klCoefficient what the divergence is multiplied by, beta
 */
public record GrpoLoss(double clip, double klCoefficient) implements TokenObjective {

    @Override
    public Tensor losses(Tensor logProbs, Tensor oldLogProbs, Tensor referenceLogProbs, Tensor advantages) {
        return PpoLoss.policy(logProbs, oldLogProbs, advantages, clip)
                .add(Kl.k3(logProbs, referenceLogProbs).mul(klCoefficient));
    }

    @Override
    public double weight(int length, double tokens, int answers) {
        return 1.0 / answers / length;
    }
}
