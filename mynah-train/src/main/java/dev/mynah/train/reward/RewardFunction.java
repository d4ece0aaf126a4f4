package dev.mynah.train.reward;

import dev.mynah.data.Message;
import java.util.List;

/** Says what answers are worth: a {@link LearnedReward}, or a checker in Java for tasks whose answers can be verified by rule. Higher is better; 0 is what a demonstration is worth on average. */
@FunctionalInterface
public interface RewardFunction {

    /**
     * An answer with what it answers.
     *
     * @param prompt the conversation up to the turn that is answered
     */
    record Answer(List<Message> prompt, String text) {
        public Answer {
            prompt = List.copyOf(prompt);
        }
    }

    /** The rewards of answers, to one prompt or to many, in their order. */
    double[] rewards(List<Answer> answers);

    /**
     * What an answer has earned while it was written. Paid as it is earned, a reward tells the tokens that brought it from those that did not, and the best policy stays the same (Ng, Harada and Russell
     * 1999). By default all is earned at the end.
     *
     * @param lengths characters of the answer that stood there after each of its tokens, the last of them all
     * @return one number a length, the last of which is the answer's reward
     */
    default double[] earned(Answer answer, int[] lengths) {
        double[] earned = new double[lengths.length];
        earned[lengths.length - 1] = rewards(List.of(answer))[0];
        return earned;
    }

    /** The rewards of several answers to one prompt, in their order. */
    default double[] rewards(List<Message> prompt, List<String> texts) {
        return rewards(texts.stream().map(text -> new Answer(prompt, text)).toList());
    }
}
