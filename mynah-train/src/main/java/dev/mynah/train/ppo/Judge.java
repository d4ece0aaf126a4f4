package dev.mynah.train.ppo;

import dev.mynah.train.ppo.Scores.Score;
import java.io.IOException;
import java.util.List;

/** Says what answers are worth. */
interface Judge {

    /**
     * One score for each answer, in their order.
     *
     * @param step the step that learns from the answers, or 0 for an evaluation
     */
    List<Score> of(int step, List<Rollout> rollouts) throws IOException;
}
