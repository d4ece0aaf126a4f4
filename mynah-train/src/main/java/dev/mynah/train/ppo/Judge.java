package dev.mynah.train.ppo;

import dev.mynah.train.ppo.Scores.Score;
import java.io.IOException;

/** Says what an answer is worth. */
interface Judge {

    /** @param step the step that learns from the answer, or 0 for an evaluation */
    Score of(int step, Rollout rollout) throws IOException;
}
