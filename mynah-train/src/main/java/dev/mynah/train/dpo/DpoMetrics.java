package dev.mynah.train.dpo;

import dev.mynah.train.run.StepLine;
import java.util.List;

/**
 * What an evaluation of the policy gave.
 *
 * @param valLoss nats a pair, without smoothing; 0.693 is the reference itself
 * @param pairAccuracy share of held-out pairs in which the policy moved towards the preferred answer more than towards the other
 * @param chosenReward mean reward of the preferred answers: beta times how much likelier they became, in nats
 * @param rejectedReward the same of the others; both falling is a policy that unlearns
 */
record DpoMetrics(
        int step, double valLoss, int valPairs, double pairAccuracy, double chosenReward, double rejectedReward)
        implements StepLine {

    static DpoMetrics of(int step, List<Double> chosen, List<Double> rejected) {
        double loss = 0;
        double right = 0;
        for (int i = 0; i < chosen.size(); i++) {
            double margin = chosen.get(i) - rejected.get(i);
            loss += Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
            right += margin > 0 ? 1 : margin == 0 ? 0.5 : 0;
        }
        int pairs = chosen.size();
        return new DpoMetrics(step, loss / pairs, pairs, right / pairs, mean(chosen), mean(rejected));
    }

    private static double mean(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    String sentence() {
        return "Step %d: held-out loss %.4f, pair accuracy %.3f (%d pairs), reward %.3f for the preferred answers and %.3f for the others"
                .formatted(step, valLoss, pairAccuracy, valPairs, chosenReward, rejectedReward);
    }
}
