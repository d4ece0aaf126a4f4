package dev.mynah.train.reward;

import dev.mynah.data.Message;
import java.util.List;

/** Says what answers are worth: a {@link LearnedReward}, or a checker in Java for tasks whose answers can be verified by rule. Higher is better; 0 is what a demonstration is worth on average. */
@FunctionalInterface
public interface RewardFunction {

    /**
     * The rewards of several answers to one prompt, in their order.
     *
     * @param prompt the conversation up to the turn that is answered
     */
    double[] rewards(List<Message> prompt, List<String> answers);
}
