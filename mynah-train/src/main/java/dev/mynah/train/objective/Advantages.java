package dev.mynah.train.objective;

import java.util.Arrays;

/** How much better than expected actions were. */
public final class Advantages {

    private Advantages() {}

    /**
     * The advantages of the tokens of one answer, and what the value model should have said.
     *
     * @param advantages {@code [tokens]}
     * @param returns {@code [tokens]}: advantage plus value
     */
    @SuppressWarnings("ArrayRecordComponent") // a number a token; never compared
    public record Estimate(double[] advantages, double[] returns) {}

    /**
     * Generalised advantage estimation (Schulman et al. 2016) over one answer, whose end is the end of the episode.
     *
     * @param rewards reward of each token
     * @param values what the value model expects at each token, before it is written
     * @param gamma discount of the future
     * @param lambda 0 trusts the value model, 1 the rewards alone
     */
    public static Estimate gae(double[] rewards, double[] values, double gamma, double lambda) {
        int length = rewards.length;
        double[] advantages = new double[length];
        double[] returns = new double[length];
        double following = 0;
        for (int t = length - 1; t >= 0; t--) {
            double next = t + 1 < length ? values[t + 1] : 0;
            double surprise = rewards[t] + gamma * next - values[t];
            following = surprise + gamma * lambda * following;
            advantages[t] = following;
            returns[t] = following + values[t];
        }
        return new Estimate(advantages, returns);
    }

    /** The numbers moved and scaled to mean 0 and variance 1 (that of a sample); without spread they become 0. */
    public static double[] whitened(double[] numbers) {
        double mean = Arrays.stream(numbers).average().orElse(0);
        double squares =
                Arrays.stream(numbers).map(x -> (x - mean) * (x - mean)).sum();
        double deviation = Math.sqrt(squares / Math.max(1, numbers.length - 1));
        return Arrays.stream(numbers).map(x -> (x - mean) / (deviation + 1e-8)).toArray();
    }

    /**
     * Advantages of the answers of one group relative to the group (GRPO, Shao et al. 2024): reward minus mean, divided by the standard deviation of a sample.
     *
     * @param scaled whether the division is done; without it the estimate is free of a bias towards questions of little spread (Liu et al. 2025)
     */
    public static double[] ofGroup(double[] rewards, boolean scaled) {
        double mean = Arrays.stream(rewards).average().orElse(0);
        double squares =
                Arrays.stream(rewards).map(x -> (x - mean) * (x - mean)).sum();
        double deviation = scaled ? Math.sqrt(squares / Math.max(1, rewards.length - 1)) + 1e-4 : 1;
        return Arrays.stream(rewards).map(x -> (x - mean) / deviation).toArray();
    }
}
