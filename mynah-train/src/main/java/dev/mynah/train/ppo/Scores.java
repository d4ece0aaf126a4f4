package dev.mynah.train.ppo;

import dev.mynah.text.Tokenizer;
import dev.mynah.train.Datasets;
import dev.mynah.train.config.PolicySection;
import dev.mynah.train.config.PolicySection.Learned;
import dev.mynah.train.config.PolicySection.Rule;
import dev.mynah.train.poet.PoetRule;
import dev.mynah.train.reward.LearnedReward;
import dev.mynah.train.reward.RewardFunction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What answers are worth: the weighted sum of a reward model and a rule, less the penalty for an answer without an end. */
final class Scores implements Judge {

    private final PolicySection section;
    private final @Nullable RewardFunction learned;
    private final @Nullable RewardFunction rule;

    /**
     * What one answer is worth.
     *
     * @param learned what the reward model says, or null without one
     * @param rule what the rule says, or null without one
     * @param paid what of it is paid at each token
     */
    @SuppressWarnings("ArrayRecordComponent") // numbers by the hundred; never compared
    record Score(@Nullable Double learned, @Nullable Double rule, double[] paid) {

        /** All of it at the last of so many tokens. */
        static Score atTheEnd(double total, int tokens) {
            double[] paid = new double[tokens];
            paid[tokens - 1] = total;
            return new Score(null, null, paid);
        }

        double total() {
            return Arrays.stream(paid).sum();
        }
    }

    Scores(PolicySection section, @Nullable RewardFunction learned, @Nullable RewardFunction rule) {
        this.section = section;
        this.learned = learned;
        this.rule = rule;
    }

    /**
     * Opens what the policy's configuration names.
     *
     * @param datasets in which the prompts are, and with them what a rule finds to be asked for
     * @throws IllegalArgumentException if the reward model is damaged, of another tokenizer or of a shorter context
     */
    static Scores open(Policy policy, Datasets datasets) throws IOException {
        Learned named = policy.section().reward();
        LearnedReward learned = null;
        if (named != null) {
            learned = LearnedReward.open(named.path(), policy.device(), policy.compute());
            if (!sameTokens(learned.tokenizer(), policy.base().tokenizer())) {
                throw new IllegalArgumentException("the reward model " + named.path()
                        + " has another tokenizer than the model "
                        + policy.base().path() + ", so its rewards mean nothing here");
            }
            if (learned.context() < policy.base().context()) {
                throw new IllegalArgumentException("the reward model " + named.path() + " reads "
                        + learned.context() + " tokens, but prompt and answer may have "
                        + policy.base().context() + "; set model.context to " + learned.context());
            }
        }
        Rule rule = policy.section().rule();
        return new Scores(
                policy.section(),
                learned,
                rule == null ? null : PoetRule.open(rule, policy.config().data(), datasets));
    }

    private static boolean sameTokens(Tokenizer one, Tokenizer other) {
        return one.vocabSize() == other.vocabSize()
                && IntStream.range(0, one.vocabSize())
                        .allMatch(id -> one.isSpecial(id) == other.isSpecial(id)
                                && Arrays.equals(one.bytes(id), other.bytes(id)));
    }

    @Override
    public List<Score> of(int step, List<Rollout> rollouts) {
        List<RewardFunction.Answer> answers = rollouts.stream()
                .map(rollout -> new RewardFunction.Answer(rollout.messages(), rollout.text()))
                .toList();
        double[] byModel = learned == null ? null : learned.rewards(answers);
        List<Score> scores = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            scores.add(score(rollouts.get(i), answers.get(i), byModel == null ? null : byModel[i]));
        }
        return scores;
    }

    /** What the rule says is paid as it is earned, the rest at the end. */
    private Score score(Rollout rollout, RewardFunction.Answer answer, @Nullable Double byModel) {
        double[] paid = new double[rollout.length()];
        int end = paid.length - 1;
        Double byRule = null;
        if (rule != null && section.rule() != null) {
            double[] earned = rule.earned(answer, rollout.lengths());
            byRule = earned[end];
            for (int t = 0; t <= end; t++) {
                paid[t] = section.rule().weight() * (earned[t] - (t == 0 ? 0 : earned[t - 1]));
            }
        }
        if (byModel != null && section.reward() != null) {
            paid[end] += section.reward().weight() * byModel;
        }
        if (!rollout.ended()) {
            paid[end] -= section.missingEndPenalty();
        }
        return new Score(byModel, byRule, paid);
    }
}
