package dev.mynah.train.ppo;

import dev.mynah.train.run.StepLine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the answers to held-out prompts were like, on average.
 *
 * @param valReward all rewards and penalties but that for the divergence
 * @param valRuleScore what the rule says, between 0 and 1, or null without one
 * @param valKl divergence from the reference, nats an answer
 */
record PolicyEvaluation(
        int step, double valReward, @Nullable Double valRuleScore, double valKl) implements StepLine {

    static PolicyEvaluation of(int step, List<Judged> answers) {
        return new PolicyEvaluation(
                step,
                PolicyMetrics.mean(answers, e -> e.score().total()),
                PolicyMetrics.rule(answers),
                PolicyMetrics.mean(answers, Judged::kl));
    }

    /** For TensorBoard. */
    Map<String, Double> curves() {
        Map<String, Double> curves = new LinkedHashMap<>();
        curves.put("validation/reward", valReward);
        curves.put("validation/kl", valKl);
        if (valRuleScore != null) {
            curves.put("validation/rule_score", valRuleScore);
        }
        return curves;
    }

    String sentence() {
        return "Step %d, held-out prompts: reward %.3f%s, KL %.3f nats an answer"
                .formatted(
                        step, valReward, valRuleScore == null ? "" : ", by rule %.3f".formatted(valRuleScore), valKl);
    }
}
