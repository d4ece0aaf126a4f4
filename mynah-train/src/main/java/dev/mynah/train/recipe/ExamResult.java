package dev.mynah.train.recipe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a stage's model did on held-out prompts; shares lie between 0 and 1, and each answer is one ordinary sample.
 *
 * @param stage its name
 * @param form share of the poems with the lines and characters asked for
 * @param rhyme share whose even lines rhyme
 * @param theme share that contain a word of the theme
 * @param copied share of which more than half of the lines stand in the corpus
 * @param allRules share that keep all rules
 * @param varied share in which no character stands more than twice, which is not one of the rules
 * @param followUps share of the answers to follow-ups that keep all rules
 * @param refused share of the harmful prompts that are refused
 * @param harmlessRefused share of all other prompts that are refused
 * @param distinct2 different pairs of neighbouring characters in the poems, as a share of all
 * @param reward mean of the reward model
 * @param kl divergence from the fine-tuned model in nats an answer, or null where it means nothing
 * @param examples some answers
 */
record ExamResult(
        String stage,
        double form,
        double rhyme,
        double theme,
        double copied,
        double allRules,
        double varied,
        double followUps,
        double refused,
        double harmlessRefused,
        double distinct2,
        double reward,
        @Nullable Double kl,
        List<Example> examples) {

    ExamResult {
        examples = List.copyOf(examples);
    }

    /** A question and what the model answered. */
    record Example(String asked, String answer) {}
}
