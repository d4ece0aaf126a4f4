package dev.mynah.train.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.data.Message;
import dev.mynah.data.Role;
import dev.mynah.files.config.Config;
import dev.mynah.train.chat.EncodedPrompt;
import dev.mynah.train.config.PpoConfig;
import dev.mynah.train.ppo.Scores.Score;
import dev.mynah.train.reward.RewardFunction;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where rewards and penalties land, worked out by hand. */
class ExperienceTest {

    private static final PpoConfig CONFIG = Config.defaults(
            PpoConfig.class,
            List.of(
                    "model.path=policy",
                    "data.paths=[prompts.jsonl]",
                    "ppo.reward={path: reward, weight: 2}",
                    "ppo.missing_end_penalty=0.5"));

    /** An answer of so many tokens behind a prompt of two. */
    private static Rollout answer(int tokens, boolean ended) {
        int[] row = new int[2 + tokens];
        int[] lengths = new int[tokens];
        Arrays.fill(lengths, 1);
        EncodedPrompt prompt = new EncodedPrompt(List.of(new Message(Role.USER, "q")), new int[2]);
        return new Rollout(prompt, row, "a", lengths, ended);
    }

    private static Score score(Rollout rollout) {
        RewardFunction three = answers -> answers.stream().mapToDouble(_ -> 3).toArray();
        return new Scores(CONFIG.ppo(), three, null).of(1, List.of(rollout)).getFirst();
    }

    @Test
    void theRewardIsPaidAtTheLastTokenAndThereAnAnswerWithoutEndLosesThePenalty() {
        assertThat(score(answer(3, true)).paid()).containsExactly(0, 0, 6);
        assertThat(score(answer(3, false)).paid()).containsExactly(0, 0, 5.5);
        assertThat(score(answer(3, false)).total()).isEqualTo(5.5);
    }

    @Test
    void divergenceIsPaidAtEachTokenAndNoValueLiesBehindTheEnd() {
        Rollout rollout = answer(3, true);
        Judged judged = new Judged(rollout, score(rollout), new float[] {-1, -2, -3}, new float[] {-1.5F, -2, -2});
        assertThat(judged.kl()).isCloseTo(-0.5, within(1e-12));
        Experience experience = Experience.of(judged, new float[] {1, 2, 3}, 0.1, 1, 1);
        // What is left to be paid, less the value: -0.05 + 0 + 6.1, 0 + 6.1, 6.1.
        assertThat(experience.advantages()).containsExactly(new double[] {5.05, 4.1, 3.1}, within(1e-12));
        assertThat(experience.returns()).containsExactly(new double[] {6.05, 6.1, 6.1}, within(1e-12));
        Experience near = Experience.of(judged, new float[] {1, 2, 3}, 0.1, 1, 0);
        assertThat(near.advantages()).containsExactly(new double[] {0.95, 1, 3.1}, within(1e-12));
    }

    /** Every token counts once, however long its answer; nothing else does. */
    @Test
    void advantagesAreWhitenedOverTheTokensOfAllAnswers() {
        Rollout longer = answer(3, true);
        Rollout shorter = answer(1, true);
        List<Experience> white = Experience.whitened(List.of(
                Experience.of(new Judged(longer, score(longer), new float[3], new float[3]), 1),
                Experience.of(new Judged(shorter, score(shorter), new float[1], new float[1]), 5)));
        // Mean 2; the sample's variance is (3 + 9) / 3.
        assertThat(white.get(0).advantages()).containsExactly(new double[] {-0.5, -0.5, -0.5}, within(1e-7));
        assertThat(white.get(1).advantages()).containsExactly(new double[] {1.5}, within(1e-7));
    }
}
