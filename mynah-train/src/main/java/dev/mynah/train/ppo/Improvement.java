package dev.mynah.train.ppo;

import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.config.PpoConfig;
import dev.mynah.train.config.PpoConfig.PpoSection;
import dev.mynah.train.loop.Optimizer;
import dev.mynah.train.loop.RowOrder;
import dev.mynah.train.objective.Advantages;
import dev.mynah.train.objective.PpoLoss;
import dev.mynah.train.objective.TokenLogProbs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How policy and value model learn from a batch of answers: several passes over it in shuffled minibatches, fewer where the policy moves too far. */
final class Improvement {

    private final PpoConfig config;
    private final PpoSection ppo;
    private final Transformer policy;
    private final ValueModel values;
    private final Optimizer policyOptimizer;
    private final Optimizer valueOptimizer;
    private final @Nullable MixedIn mix;
    private final int padId;
    private final int microBatch;
    private final DType compute;

    /**
     * What came of it: means a token over all passes.
     *
     * @param updateKl of the last minibatch
     * @param gradNorm of the policy's last gradient
     */
    record Outcome(
            double policyLoss,
            double valueLoss,
            double clipFraction,
            double updateKl,
            int updates,
            double learningRate,
            double gradNorm) {

        double loss() {
            return policyLoss + valueLoss;
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
            PpoConfig config,
            Transformer policy,
            ValueModel values,
            Optimizer policyOptimizer,
            Optimizer valueOptimizer,
            @Nullable MixedIn mix,
            int padId) {
        this.config = config;
        this.ppo = config.ppo();
        this.policy = policy;
        this.values = values;
        this.policyOptimizer = policyOptimizer;
        this.valueOptimizer = valueOptimizer;
        this.mix = mix;
        this.padId = padId;
        Integer asked = config.train().microBatch();
        this.microBatch = asked == null ? config.train().batch() / ppo.minibatches() : asked;
        this.compute = config.train().compute();
    }

    /** Learns from the answers of {@code step}, whose advantages are whitened over the batch. */
    Outcome learn(int step, List<Experience> batch) {
        List<float[]> advantages = whitened(batch);
        int size = batch.size() / ppo.minibatches();
        Totals all = new Totals();
        double updateKl = 0;
        double learningRate = 0;
        double norm = 0;
        int updates = 0;
        boolean tooFar = false;
        for (int epoch = 0; epoch < ppo.epochs() && !tooFar; epoch++) {
            RowOrder order = new RowOrder(batch.size(), config.seed() ^ ((long) step << 16) ^ epoch);
            for (int part = 0; part < ppo.minibatches() && !tooFar; part++) {
                policyOptimizer.clearGradients();
                valueOptimizer.clearGradients();
                Totals totals = backward(batch, advantages, order.range((long) part * size, size));
                updateKl = totals.divergence / totals.tokens;
                tooFar = ppo.maxUpdateKl() > 0 && updateKl > ppo.maxUpdateKl();
                all.add(totals);
                if (!tooFar) {
                    if (mix != null) {
                        mix.backward(((long) (step - 1) * ppo.epochs() + epoch) * ppo.minibatches() + part);
                    }
                    norm = policyOptimizer.gatherGradients();
                    double valueNorm = valueOptimizer.gatherGradients();
                    if (!Double.isFinite(norm + valueNorm)) {
                        return outcome(all, updateKl, updates, learningRate, norm + valueNorm);
                    }
                    learningRate = policyOptimizer.step(step);
                    valueOptimizer.step(step, ppo.valueRate());
                    updates++;
                }
            }
        }
        return outcome(all, updateKl, updates, learningRate, norm);
    }

    private static Outcome outcome(Totals all, double updateKl, int updates, double learningRate, double norm) {
        return new Outcome(
                all.policyLoss / all.tokens,
                all.valueLoss / all.tokens,
                all.clipped / all.tokens,
                updateKl,
                updates,
                learningRate,
                norm);
    }

    private static List<float[]> whitened(List<Experience> batch) {
        double[] white = Advantages.whitened(batch.stream()
                .flatMapToDouble(e -> Arrays.stream(e.estimate().advantages()))
                .toArray());
        List<float[]> answers = new ArrayList<>();
        int from = 0;
        for (Experience experience : batch) {
            int length = experience.rollout().length();
            answers.add(floats(Arrays.copyOfRange(white, from, from + length)));
            from += length;
        }
        return answers;
    }

    /** Adds up the gradients of one minibatch, a mean over its tokens. */
    private Totals backward(List<Experience> batch, List<float[]> advantages, int[] chosen) {
        Totals totals = new Totals();
        totals.tokens =
                Arrays.stream(chosen).map(i -> batch.get(i).rollout().length()).sum();
        for (int from = 0; from < chosen.length; from += microBatch) {
            int[] some = Arrays.copyOfRange(chosen, from, Math.min(from + microBatch, chosen.length));
            try (Scope scope = Scope.open()) {
                List<Experience> answers =
                        Arrays.stream(some).mapToObj(batch::get).toList();
                AnswerRows rows =
                        AnswerRows.of(answers.stream().map(Experience::rollout).toList(), padId);
                Tensor advantage =
                        joined(Arrays.stream(some).mapToObj(advantages::get).toList());
                policyBackward(answers, rows, advantage, totals);
                valueBackward(answers, rows, totals);
            }
        }
        return totals;
    }

    private void policyBackward(List<Experience> answers, AnswerRows rows, Tensor advantages, Totals totals) {
        Tensor hidden = rows.hidden(policy, compute);
        Tensor targets = rows.targets().to(policy.device());
        Tensor logProbs =
                TokenLogProbs.of(policy, hidden, targets, ppo.temperature()).requiresGrad(true);
        Tensor old = joined(answers.stream().map(Experience::logProbs).toList());
        Tensor loss = PpoLoss.policy(logProbs, old, advantages, ppo.clip()).sum();
        loss.mul(1 / totals.tokens).backward();
        TokenLogProbs.backward(policy, hidden, targets, ppo.temperature(), logProbs.requireGrad());
        totals.policyLoss += loss.item();
        float[] now = logProbs.detach().toFloats();
        float[] before = old.toFloats();
        for (int t = 0; t < now.length; t++) {
            double difference = now[t] - before[t];
            totals.divergence += Math.expm1(difference) - difference;
            totals.clipped += Math.abs(Math.expm1(difference)) > ppo.clip() ? 1 : 0;
        }
    }

    private void valueBackward(List<Experience> answers, AnswerRows rows, Totals totals) {
        Tensor old = joined(answers.stream().map(Experience::values).toList());
        Tensor returns =
                joined(answers.stream().map(e -> floats(e.estimate().returns())).toList());
        Tensor loss = PpoLoss.value(values.values(rows, compute), old, returns, ppo.valueClip())
                .sum();
        loss.mul(1 / totals.tokens).backward();
        totals.valueLoss += loss.item();
    }

    /** F32 {@code [tokens]} of all answers, one after the other, where the policy computes. */
    private Tensor joined(List<float[]> answers) {
        int tokens = answers.stream().mapToInt(answer -> answer.length).sum();
        float[] all = new float[tokens];
        int at = 0;
        for (float[] answer : answers) {
            System.arraycopy(answer, 0, all, at, answer.length);
            at += answer.length;
        }
        return Tensor.of(all).to(policy.device());
    }

    private static float[] floats(double[] numbers) {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }
}
