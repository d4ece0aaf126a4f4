package dev.mynah.train.ppo;

import dev.mynah.train.Datasets;
import dev.mynah.train.Ranks;
import dev.mynah.train.loop.Optimizer;
import dev.mynah.train.objective.GrpoLoss;
import dev.mynah.train.run.Monitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Learning without a value model: an answer has one advantage, which all its tokens share, and the divergence from the reference is part of the loss. */
final class CriticFree implements Learner {

    private static final String OPTIMIZER = "optimizer.safetensors";

    private final int answersPerPrompt;
    private final double klCoefficient;
    private final Function<List<Judged>, List<Experience>> advantages;
    private final Optimizer optimizer;
    private final Improvement improvement;

    /** @param advantages of a whole batch, in which the answers to one prompt stand together */
    CriticFree(
            Policy policy,
            int answersPerPrompt,
            double klCoefficient,
            Function<List<Judged>, List<Experience>> advantages,
            Datasets datasets,
            Ranks ranks,
            Monitor monitor)
            throws IOException {
        this.answersPerPrompt = answersPerPrompt;
        this.klCoefficient = klCoefficient;
        this.advantages = advantages;
        this.optimizer =
                new Optimizer(policy.model().parameters(), policy.config().train(), ranks);
        GrpoLoss loss = new GrpoLoss(policy.section().clip(), klCoefficient);
        this.improvement = new Improvement(policy, loss, optimizer, null, MixedIn.read(policy, datasets, monitor));
    }

    @Override
    public int answersPerPrompt() {
        return answersPerPrompt;
    }

    @Override
    public double klCoefficient() {
        return klCoefficient;
    }

    @Override
    public Improvement.Outcome learn(int step, List<Judged> answers) {
        return improvement.learn(step, advantages.apply(answers));
    }

    @Override
    public void save(Path folder) throws IOException {
        optimizer.save(folder.resolve(OPTIMIZER));
    }

    @Override
    public void restore(Path folder) throws IOException {
        optimizer.restore(folder.resolve(OPTIMIZER));
    }
}
