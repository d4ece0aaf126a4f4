package dev.mynah.train.reward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How well rewards order pairs of answers that people have ordered.
 *
 * @param pairs how many pairs were looked at
 * @param accuracy share of the pairs in which the preferred answer has the higher reward; equal rewards count half
 * @param low lower end of accuracy's 95% confidence interval (Wilson 1927)
 * @param high its upper end
 * @param loss mean of {@code -log sigmoid(margin)}, in nats
 * @param calibrationError mean distance between how probable the model calls an order and how often it is right, weighted by bin (expected calibration error)
 * @param lengthCorrelation Pearson correlation of the difference of rewards with the difference of lengths in tokens: how much the model pays for length
 * @param longerPreferred share of the pairs in which people preferred the longer answer: how much of that was asked for
 * @param bins the calibration, bin by bin
 */
record PairStatistics(
        int pairs,
        double accuracy,
        double low,
        double high,
        double loss,
        double calibrationError,
        double lengthCorrelation,
        double longerPreferred,
        List<Bin> bins) {

    private static final int BINS = 10;
    private static final double Z = 1.959964;

    /**
     * Pairs of which the model was similarly sure.
     *
     * @param pairs how many
     * @param confidence mean probability of the order that the model thinks likelier, at least 0.5
     * @param accuracy share in which that order was the people's
     */
    record Bin(int pairs, double confidence, double accuracy) {}

    /**
     * Collects pairs.
     *
     * @param margins reward of the preferred answer minus that of the other
     * @param lengths tokens of the preferred answer minus those of the other
     */
    static PairStatistics of(double[] margins, double[] lengths) {
        int n = margins.length;
        double right = 0;
        double loss = 0;
        double longer = 0;
        for (int i = 0; i < n; i++) {
            right += rightness(margins[i]);
            loss += Math.max(0, -margins[i]) + Math.log1p(Math.exp(-Math.abs(margins[i])));
            longer += rightness(lengths[i]);
        }
        double accuracy = right / n;
        double centre = (accuracy + Z * Z / (2 * n)) / (1 + Z * Z / n);
        double reach = Z / (1 + Z * Z / n) * Math.sqrt(accuracy * (1 - accuracy) / n + Z * Z / (4.0 * n * n));
        List<Bin> bins = bins(margins);
        double error = bins.stream()
                        .mapToDouble(bin -> bin.pairs * Math.abs(bin.confidence - bin.accuracy))
                        .sum()
                / n;
        return new PairStatistics(
                n,
                accuracy,
                centre - reach,
                centre + reach,
                loss / n,
                error,
                correlation(margins, lengths),
                longer / n,
                bins);
    }

    private static double rightness(double difference) {
        return difference > 0 ? 1 : difference == 0 ? 0.5 : 0;
    }

    private static List<Bin> bins(double[] margins) {
        int[] counts = new int[BINS];
        double[] confidences = new double[BINS];
        double[] right = new double[BINS];
        for (double margin : margins) {
            double confidence = 1 / (1 + Math.exp(-Math.abs(margin)));
            int bin = Math.min(BINS - 1, (int) ((confidence - 0.5) * 2 * BINS));
            counts[bin]++;
            confidences[bin] += confidence;
            right[bin] += rightness(margin);
        }
        List<Bin> bins = new ArrayList<>();
        for (int i = 0; i < BINS; i++) {
            if (counts[i] > 0) {
                bins.add(new Bin(counts[i], confidences[i] / counts[i], right[i] / counts[i]));
            }
        }
        return List.copyOf(bins);
    }

    /** Differences have no preferred sign, so their mean is 0 by symmetry and is not taken away. */
    private static double correlation(double[] a, double[] b) {
        double product = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
        }
        double norms = Math.sqrt(squares(a) * squares(b));
        return norms == 0 ? 0 : product / norms;
    }

    private static double squares(double[] numbers) {
        return Arrays.stream(numbers).map(x -> x * x).sum();
    }
}
