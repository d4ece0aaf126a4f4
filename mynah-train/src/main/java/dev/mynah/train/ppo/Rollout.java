package dev.mynah.train.ppo;

import dev.mynah.data.Message;
import dev.mynah.train.chat.AnswerRows;
import dev.mynah.train.chat.EncodedPrompt;
import java.util.List;

/**
 * An answer that a policy wrote.
 *
 * @param row the tokens of the prompt and of the answer, as they were sampled, the end of the turn included
 * @param text the answer without special tokens
 * @param lengths characters of the text that stood there after each token of the answer
 * @param ended whether the policy ended its turn
 */
@SuppressWarnings("ArrayRecordComponent") // tokens by the hundred; never compared
public record Rollout(EncodedPrompt prompt, int[] row, String text, int[] lengths, boolean ended) {

    /**
     * The answers laid out for a model.
     *
     * @param padId any token
     */
    public static AnswerRows answerRows(List<Rollout> rollouts, int padId) {
        return AnswerRows.of(
                rollouts.stream().map(Rollout::row).toList(),
                rollouts.stream().map(Rollout::promptLength).toList(),
                padId);
    }

    List<Message> messages() {
        return prompt.messages();
    }

    int promptLength() {
        return prompt.ids().length;
    }

    /** Tokens of the answer, its end included. */
    int length() {
        return row.length - prompt.ids().length;
    }
}
