package dev.mynah.train.ppo;

import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.chat.AnswerRows;
import dev.mynah.train.config.PolicySection;
import dev.mynah.train.loop.Optimizer;
import dev.mynah.train.loop.RowOrder;
import dev.mynah.train.objective.TokenLogProbs;
import dev.mynah.train.objective.TokenObjective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a policy, and a value model where there is one, learn from a batch of answers: several passes over it in shuffled minibatches, fewer where the policy moves too far. */
final class Improvement {

    private final Policy policy;
    private final PolicySection section;
    private final TokenObjective objective;
    private final Optimizer optimizer;
    private final @Nullable ValueLearning values;
    private final @Nullable MixedIn mix;

    /**
     * What came of it: means a token over all passes.
     *
     * @param valueLoss null without a value model
     * @param updateKl of the last minibatch
     * @param gradNorm of the policy's last gradient
     */
    record Outcome(
            double policyLoss,
            @Nullable Double valueLoss,
            double clipFraction,
            double updateKl,
            int updates,
            double learningRate,
            double gradNorm) {

        double loss() {
            return policyLoss + (valueLoss == null ? 0 : valueLoss);
        }
    }

    /** Sums over tokens. */
    private static final class Totals {
        double policyLoss;
        double valueLoss;
        double clipped;
        double divergence;
        double tokens;

        void add(Totals other) {
            policyLoss += other.policyLoss;
            valueLoss += other.valueLoss;
            clipped += other.clipped;
            divergence += other.divergence;
            tokens += other.tokens;
        }
    }

    Improvement(
            Policy policy,
            TokenObjective objective,
            Optimizer optimizer,
            @Nullable ValueLearning values,
            @Nullable MixedIn mix) {
        this.policy = policy;
        this.section = policy.section();
        this.objective = objective;
        this.optimizer = optimizer;
        this.values = values;
        this.mix = mix;
    }

    /** Learns from the answers of {@code step}. */
    Outcome learn(int step, List<Experience> batch) {
        int size = batch.size() / section.minibatches();
        Totals all = new Totals();
        double updateKl = 0;
        double learningRate = 0;
        double norm = 0;
        int updates = 0;
        boolean tooFar = false;
        for (int epoch = 0; epoch < section.epochs() && !tooFar; epoch++) {
            RowOrder order = new RowOrder(batch.size(), policy.config().seed() ^ ((long) step << 16) ^ epoch);
            for (int part = 0; part < section.minibatches() && !tooFar; part++) {
                Totals totals = backward(batch, order.range((long) part * size, size));
                updateKl = totals.divergence / totals.tokens;
                tooFar = section.maxUpdateKl() > 0 && updateKl > section.maxUpdateKl();
                all.add(totals);
                if (!tooFar) {
                    if (mix != null) {
                        mix.backward(((long) (step - 1) * section.epochs() + epoch) * section.minibatches() + part);
                    }
                    norm = optimizer.gatherGradients();
                    double valueNorm = values == null ? 0 : values.gatherGradients();
                    if (!Double.isFinite(norm + valueNorm)) {
                        return outcome(all, updateKl, updates, learningRate, norm + valueNorm);
                    }
                    learningRate = optimizer.step(step);
                    if (values != null) {
                        values.step(step);
                    }
                    updates++;
                }
            }
        }
        return outcome(all, updateKl, updates, learningRate, norm);
    }

    private Outcome outcome(Totals all, double updateKl, int updates, double learningRate, double norm) {
        return new Outcome(
                all.policyLoss / all.tokens,
                values == null ? null : (Double) (all.valueLoss / all.tokens),
                all.clipped / all.tokens,
                updateKl,
                updates,
                learningRate,
                norm);
    }

    /** Makes the gradients of one minibatch. */
    private Totals backward(List<Experience> batch, int[] chosen) {
        optimizer.clearGradients();
        if (values != null) {
            values.clearGradients();
        }
        List<Experience> minibatch = Arrays.stream(chosen).mapToObj(batch::get).toList();
        List<Rollout> rollouts =
                minibatch.stream().map(e -> e.judged().rollout()).toList();
        Totals totals = new Totals();
        totals.tokens = rollouts.stream().mapToInt(Rollout::length).sum();
        for (List<Integer> group : policy.groups(rollouts)) {
            try (Scope scope = Scope.open()) {
                List<Experience> answers = group.stream().map(minibatch::get).toList();
                AnswerRows rows = Rollout.answerRows(
                        group.stream().map(rollouts::get).toList(),
                        policy.base().padId());
                policyBackward(answers, rows, chosen.length, totals);
                if (values != null) {
                    totals.valueLoss += values.backward(answers, rows, totals.tokens);
                }
            }
        }
        return totals;
    }

    private void policyBackward(List<Experience> answers, AnswerRows rows, int minibatch, Totals totals) {
        Tensor hidden = rows.hidden(policy.model(), policy.compute());
        Tensor targets = rows.targets().to(policy.device());
        TokenLogProbs logProbs = new TokenLogProbs(policy.model(), hidden, targets, section.temperature());
        Tensor old =
                policy.joined(answers.stream().map(e -> e.judged().logProbs()).toList());
        Tensor reference =
                policy.joined(answers.stream().map(e -> e.judged().reference()).toList());
        Tensor advantages = policy.joinedDoubles(
                answers.stream().map(Experience::advantages).toList());
        Tensor loss = objective
                .losses(logProbs.values(), old, reference, advantages)
                .mul(weights(answers, totals.tokens, minibatch))
                .sum();
        loss.backward();
        logProbs.backward();
        totals.policyLoss += loss.item() * totals.tokens;
        float[] now = logProbs.values().detach().toFloats();
        float[] before = old.toFloats();
        for (int t = 0; t < now.length; t++) {
            double difference = now[t] - before[t];
            totals.divergence += Math.expm1(difference) - difference;
            totals.clipped += Math.abs(Math.expm1(difference)) > section.clip() ? 1 : 0;
        }
    }

    private Tensor weights(List<Experience> answers, double tokens, int minibatch) {
        List<float[]> weights = new ArrayList<>();
        for (Experience answer : answers) {
            int length = answer.judged().rollout().length();
            float[] weight = new float[length];
            Arrays.fill(weight, (float) objective.weight(length, tokens, minibatch));
            weights.add(weight);
        }
        return policy.joined(weights);
    }
}
