package dev.mynah.train.ppo;

import dev.mynah.train.run.StepLine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a step of reinforcement learning was like; means over its answers.
 *
 * @param reward all rewards and penalties but that for the divergence
 * @param learnedReward what the reward model says, or null without one
 * @param ruleScore what the rule says, between 0 and 1, or null without one
 * @param kl divergence from the reference, nats an answer
 * @param klCoefficient what a nat of it cost
 * @param entropy of the policy's next token, in nats, estimated from the tokens sampled
 * @param length tokens of an answer
 * @param ended share of the answers that ended
 * @param policyLoss clipped loss a token (grpo: with the price of the divergence, every answer alike)
 * @param valueLoss clipped loss a token, or null without a value model
 * @param clipFraction share of the tokens whose ratio was clipped
 * @param updateKl divergence between the policy that answered and the one that learned last, nats a token
 * @param updates optimiser steps
 * @param rolloutShare share of the step's time in which answers were written
 */
record PolicyMetrics(
        int step,
        double reward,
        @Nullable Double learnedReward,
        @Nullable Double ruleScore,
        double kl,
        double klCoefficient,
        double entropy,
        double length,
        double ended,
        double policyLoss,
        @Nullable Double valueLoss,
        double clipFraction,
        double updateKl,
        int updates,
        double rolloutShare)
        implements StepLine {

    static PolicyMetrics of(
            int step, List<Judged> batch, double klCoefficient, Improvement.Outcome outcome, double rolloutShare) {
        double tokens = batch.stream().mapToDouble(e -> e.rollout().length()).sum();
        double surprise = 0;
        for (Judged answer : batch) {
            for (float logProb : answer.logProbs()) {
                surprise -= logProb;
            }
        }
        return new PolicyMetrics(
                step,
                mean(batch, e -> e.score().total()),
                learned(batch),
                rule(batch),
                mean(batch, Judged::kl),
                klCoefficient,
                surprise / tokens,
                tokens / batch.size(),
                mean(batch, e -> e.rollout().ended() ? 1 : 0),
                outcome.policyLoss(),
                outcome.valueLoss(),
                outcome.clipFraction(),
                outcome.updateKl(),
                outcome.updates(),
                rolloutShare);
    }

    private static @Nullable Double learned(List<Judged> batch) {
        return batch.getFirst().score().learned() == null
                ? null
                : (Double) mean(batch, e -> Objects.requireNonNullElse(e.score().learned(), 0.0));
    }

    static @Nullable Double rule(List<Judged> batch) {
        return batch.getFirst().score().rule() == null
                ? null
                : (Double) mean(batch, e -> Objects.requireNonNullElse(e.score().rule(), 0.0));
    }

    static double mean(List<Judged> batch, ToDoubleFunction<Judged> number) {
        return batch.stream().mapToDouble(number).average().orElse(0);
    }

    /** For TensorBoard. */
    Map<String, Double> curves() {
        Map<String, Double> curves = new LinkedHashMap<>();
        curves.put("train/reward", reward);
        curves.put("train/kl", kl);
        curves.put("train/entropy", entropy);
        curves.put("train/length", length);
        curves.put("train/clip_fraction", clipFraction);
        if (valueLoss != null) {
            curves.put("train/value_loss", valueLoss);
        }
        if (ruleScore != null) {
            curves.put("train/rule_score", ruleScore);
        }
        return curves;
    }

    String sentence() {
        return "Step %d: reward %.3f%s, KL %.3f nats an answer, entropy %.3f, %.1f tokens, %.0f%% ended, %.0f%% of the time for answers"
                .formatted(
                        step,
                        reward,
                        ruleScore == null ? "" : ", by rule %.3f".formatted(ruleScore),
                        kl,
                        entropy,
                        length,
                        100 * ended,
                        100 * rolloutShare);
    }
}
