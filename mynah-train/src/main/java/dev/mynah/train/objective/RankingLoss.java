package dev.mynah.train.objective;

import dev.mynah.data.Ranking;
import dev.mynah.tensor.Tensor;
import java.util.List;

/** The reward model's loss (Ouyang et al. 2022, equation 1): all pairs of a prompt's K answers count together as one example, since they are strongly correlated. */
public final class RankingLoss {

    private RankingLoss() {}

    /**
     * The mean over the pairs of {@code -log sigmoid(better - worse)}, in nats.
     *
     * @param rewards F32 {@code [answers]} of one prompt
     * @param pairs at least one
     */
    public static Tensor of(Tensor rewards, List<Ranking.Pair> pairs) {
        long[] better = pairs.stream().mapToLong(Ranking.Pair::better).toArray();
        long[] worse = pairs.stream().mapToLong(Ranking.Pair::worse).toArray();
        Tensor margins = rewards.indexSelect(0, Tensor.of(better).to(rewards.device()))
                .sub(rewards.indexSelect(0, Tensor.of(worse).to(rewards.device())));
        return margins.logSigmoid().mean().neg();
    }
}
