package dev.mynah.train.ppo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** How a policy learns from answers that were judged: what differs between PPO, GRPO and TAMER. */
interface Learner {

    /** Answers that each prompt gets, which stand together in a batch. */
    int answersPerPrompt();

    /** Changes the policy by the answers of {@code step}. */
    Improvement.Outcome learn(int step, List<Judged> answers) throws IOException;

    /** What a nat of divergence from the reference costs now. */
    double klCoefficient();

    /** Writes what of its state belongs to a checkpoint, beside the policy's weights. */
    void save(Path folder) throws IOException;

    /** Takes what {@link #save} wrote. */
    void restore(Path folder) throws IOException;
}
