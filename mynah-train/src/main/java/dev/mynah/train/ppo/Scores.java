package dev.mynah.train.ppo;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.text.Tokenizer;
import dev.mynah.train.chat.ChatBase;
import dev.mynah.train.config.PpoConfig.Learned;
import dev.mynah.train.config.PpoConfig.PpoSection;
import dev.mynah.train.config.PpoConfig.Rule;
import dev.mynah.train.poet.PoetRule;
import dev.mynah.train.reward.LearnedReward;
import dev.mynah.train.reward.RewardFunction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What answers are worth: the weighted sum of a reward model and a rule, less the penalty for an answer without an end. */
final class Scores {

    private final PpoSection ppo;
    private final @Nullable RewardFunction learned;
    private final @Nullable RewardFunction rule;

    /**
     * What one answer is worth.
     *
     * @param total all together
     * @param learned what the reward model says, or null without one
     * @param rule what the rule says, or null without one
     */
    record Score(
            double total,
            @Nullable Double learned,
            @Nullable Double rule) {}

    Scores(PpoSection ppo, @Nullable RewardFunction learned, @Nullable RewardFunction rule) {
        this.ppo = ppo;
        this.learned = learned;
        this.rule = rule;
    }

    /**
     * Opens what the configuration names.
     *
     * @param prompts the files of the prompts, in which a rule finds what is asked for
     * @throws IllegalArgumentException if the reward model is damaged or of another tokenizer
     */
    static Scores open(PpoSection ppo, List<Path> prompts, ChatBase base, Device device, DType compute)
            throws IOException {
        Learned section = ppo.reward();
        LearnedReward learned = null;
        if (section != null) {
            learned = LearnedReward.open(section.path(), device, compute);
            if (!sameTokens(learned.tokenizer(), base.tokenizer())) {
                throw new IllegalArgumentException(
                        "the reward model " + section.path() + " has another tokenizer than the model " + base.path()
                                + ", so its rewards mean nothing here");
            }
        }
        Rule rule = ppo.rule();
        return new Scores(ppo, learned, rule == null ? null : PoetRule.open(prompts, rule.poems()));
    }

    private static boolean sameTokens(Tokenizer one, Tokenizer other) {
        return one.vocabSize() == other.vocabSize()
                && IntStream.range(0, one.vocabSize())
                        .allMatch(id -> one.isSpecial(id) == other.isSpecial(id)
                                && Arrays.equals(one.bytes(id), other.bytes(id)));
    }

    Score of(Rollout rollout) {
        Double byModel = ask(learned, rollout);
        Double byRule = ask(rule, rollout);
        double total = rollout.ended() ? 0 : -ppo.missingEndPenalty();
        if (byModel != null && ppo.reward() != null) {
            total += ppo.reward().weight() * byModel;
        }
        if (byRule != null && ppo.rule() != null) {
            total += ppo.rule().weight() * byRule;
        }
        return new Score(total, byModel, byRule);
    }

    private static @Nullable Double ask(@Nullable RewardFunction function, Rollout rollout) {
        return function == null ? null : (Double) function.rewards(rollout.messages(), List.of(rollout.text()))[0];
    }
}
