package dev.mynah.train.ppo;

import dev.mynah.train.Ranks;
import dev.mynah.train.RunOptions;
import dev.mynah.train.TrainingStoppedException;
import dev.mynah.train.config.GrpoConfig;
import dev.mynah.train.config.GrpoConfig.GrpoSection;
import dev.mynah.train.loop.StageRun;
import dev.mynah.train.objective.Advantages;
import dev.mynah.train.run.Monitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Group relative policy optimisation (Shao et al. 2024): several answers to each prompt are measured against each other, so that no value model is needed. */
public final class Grpo {

    private Grpo() {}

    /**
     * Trains, or goes on training, until the last step.
     *
     * @param ranks this process alone
     * @throws IllegalArgumentException for a configuration, prompts, a model or a checkpoint that do not fit, or several processes
     * @throws TrainingStoppedException if the loss is no number; the checkpoints stay
     */
    public static void run(GrpoConfig config, RunOptions options, Ranks ranks, Monitor monitor) throws IOException {
        PolicyStage.requireAlone("grpo", ranks);
        StageRun.of(config.train(), options, ranks, () -> {
            Policy policy = new Policy(config, options, monitor);
            GrpoSection grpo = config.grpo();
            Learner learner = new CriticFree(
                    policy,
                    grpo.group(),
                    grpo.klCoefficient(),
                    answers -> relative(answers, grpo.group(), grpo.scaleRewards()),
                    options.datasets(),
                    ranks,
                    monitor);
            Judge judge = Scores.open(policy, options.datasets());
            new PolicyStage("grpo", policy, judge, learner, options, monitor).train(options.resume());
        });
    }

    private static List<Experience> relative(List<Judged> answers, int group, boolean scaled) {
        List<Experience> batch = new ArrayList<>();
        for (int from = 0; from < answers.size(); from += group) {
            List<Judged> some = answers.subList(from, from + group);
            double[] rewards =
                    some.stream().mapToDouble(answer -> answer.score().total()).toArray();
            double[] advantages = Advantages.ofGroup(rewards, scaled);
            for (int i = 0; i < group; i++) {
                batch.add(Experience.of(some.get(i), advantages[i]));
            }
        }
        return batch;
    }
}
