package dev.mynah.train.objective;

import dev.mynah.tensor.Tensor;

/** Proximal policy optimisation (Schulman et al. 2017), token by token. */
public final class PpoLoss {

    private PpoLoss() {}

    /**
     * The clipped policy loss of each token: {@code -min(ratio * advantage, clip(ratio) * advantage)}.
     *
     * @param logProbs {@code [tokens]} of the policy as it is now
     * @param oldLogProbs {@code [tokens]} of the policy that sampled, at the same temperature and filter
     * @param advantages {@code [tokens]}
     * @param clip how far the ratio counts from 1
     */
    public static Tensor policy(Tensor logProbs, Tensor oldLogProbs, Tensor advantages, double clip) {
        Tensor ratio = logProbs.sub(oldLogProbs).exp();
        return ratio.mul(advantages)
                .minimum(ratio.clamp(1 - clip, 1 + clip).mul(advantages))
                .neg();
    }

    /**
     * The clipped value loss of each token: half the larger of two squared errors, that of the value and that of the value moved to within {@code clip} of the old one.
     *
     * @param values {@code [tokens]} as the value model says now
     * @param oldValues {@code [tokens]} as it said when the answers were written
     * @param returns {@code [tokens]}, see {@link Advantages.Estimate}
     */
    public static Tensor value(Tensor values, Tensor oldValues, Tensor returns, double clip) {
        Tensor near = oldValues.add(values.sub(oldValues).clamp(-clip, clip));
        return values.sub(returns).square().maximum(near.sub(returns).square()).mul(0.5);
    }
}
