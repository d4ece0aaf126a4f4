package dev.mynah.train.classify;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Logistic regression, one label against the rest, over the n-grams of texts, by AdaGrad (Duchi et al. 2011, "Adaptive Subgradient Methods"): a step a text, in an order that is drawn anew for each
 * pass.
 */
final class LogisticRegression {
    // Adds nothing to gradients of some size, and keeps a first one from being a leap.
    private static final float DAMPING = 1e-3f;
    // Below it a text teaches a label nothing any more.
    private static final double NEGLIGIBLE = 1e-4;

    private final float[][] weights;
    private final double[] biases;
    private final float[][] squares;
    private final double[] biasSquares;
    private final double learningRate;
    private final double weightDecay;

    /** A text to learn from. */
    static final class Example {
        private final int[] buckets;
        private final boolean[] labels;

        /**
         * @param buckets of its n-grams
         * @param labels  {@code [label]}, whether each fits
         */
        Example(int[] buckets, boolean[] labels) {
            this.buckets = buckets;
            this.labels = labels;
        }
    }

    LogisticRegression(int labels, int bits, double learningRate, double weightDecay) {
        weights = new float[labels][1 << bits];
        squares = new float[labels][1 << bits];
        biases = new double[labels];
        biasSquares = new double[labels];
        this.learningRate = learningRate;
        this.weightDecay = weightDecay;
    }

    /** Learns from all examples once. */
    void pass(List<Example> examples, SplittableRandom random) {
        int[] order = new int[examples.size()];
        for (int i = 0; i < order.length; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        for (int i : order) {
            Example example = examples.get(i);
            for (int label = 0; label < weights.length; label++) {
                step(example.buckets, example.labels[label], label);
            }
        }
    }

    private void step(int[] buckets, boolean fits, int label) {
        float[] own = weights[label];
        double norm = 1 / Math.sqrt(buckets.length);
        double sum = 0;
        for (int bucket : buckets) {
            sum += own[bucket];
        }
        double error = 1 / (1 + Math.exp(-(biases[label] + norm * sum))) - (fits ? 1 : 0);
        if (Math.abs(error) < NEGLIGIBLE) {
            return;
        }
        biasSquares[label] += error * error;
        biases[label] -= learningRate * error / Math.sqrt(DAMPING + biasSquares[label]);
        float gradient = (float) (error * norm);
        float[] ownSquares = squares[label];
        for (int bucket : buckets) {
            float whole = gradient + (float) weightDecay * own[bucket];
            ownSquares[bucket] += whole * whole;
            own[bucket] -= (float) (learningRate * whole / Math.sqrt(DAMPING + ownSquares[bucket]));
        }
    }

    /** {@code [label, bucket]} */
    float[][] weights() {
        return weights;
    }

    /** {@code [label]} */
    double[] biases() {
        return biases;
    }
}
