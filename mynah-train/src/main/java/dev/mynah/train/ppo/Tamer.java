package dev.mynah.train.ppo;

import dev.mynah.train.Ranks;
import dev.mynah.train.RunOptions;
import dev.mynah.train.TrainingStoppedException;
import dev.mynah.train.config.TamerConfig;
import dev.mynah.train.loop.StageRun;
import dev.mynah.train.run.Monitor;
import java.io.IOException;
import java.util.List;

/**
 * Learning from a person's live numbers (TAMER, Knox and Stone 2009): a person judges each answer as a whole, with its consequences in mind, so that nothing is added up over time and no value model
 * is needed. The number is itself the advantage, as people give it: praise for what is better than they came to expect, blame for what is worse (COACH, MacGlashan et al. 2017).
 */
public final class Tamer {

    /** What the person said, in the run's folder. */
    private static final String FEEDBACK = "feedback.jsonl";

    private Tamer() {}

    /**
     * Trains, or goes on training, until the last step.
     *
     * @param ranks this process alone
     * @param feedback the person
     * @throws IllegalArgumentException for a configuration, prompts, a model or a checkpoint that do not fit, or several processes
     * @throws TrainingStoppedException if the loss is no number; the checkpoints stay
     */
    public static void run(TamerConfig config, RunOptions options, Ranks ranks, Monitor monitor, Feedback feedback)
            throws IOException {
        PolicyStage.requireAlone("tamer", ranks);
        StageRun.of(config.train(), options, ranks, () -> {
            Policy policy = new Policy(config, options, monitor);
            Learner learner = new CriticFree(
                    policy, 1, config.tamer().klCoefficient(), Tamer::experience, options.datasets(), ranks, monitor);
            try (Person person = Person.open(feedback, options.out().resolve(FEEDBACK))) {
                new PolicyStage("tamer", policy, person, learner, options, monitor).train(options.resume());
            }
        });
    }

    private static List<Experience> experience(List<Judged> answers) {
        return answers.stream()
                .map(answer -> Experience.of(answer, answer.score().total()))
                .toList();
    }
}
