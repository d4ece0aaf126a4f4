package dev.mynah.server.labelling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.ToDoubleBiFunction;

/** How far those who label agree, beyond chance: 1 is always, 0 as often as chance. Empty where nobody could disagree. */
final class Agreement {
    private Agreement() {}

    /**
     * Two raters who judged the same things (Cohen 1960, "A coefficient of agreement for nominal scales").
     *
     * @param ratings pairs of categories, {@code [items][2]}
     */
    static OptionalDouble cohensKappa(List<int[]> ratings) {
        Map<Integer, int[]> marginals = new HashMap<>();
        int agreed = 0;
        for (int[] pair : ratings) {
            agreed += pair[0] == pair[1] ? 1 : 0;
            marginals.computeIfAbsent(pair[0], category -> new int[2])[0]++;
            marginals.computeIfAbsent(pair[1], category -> new int[2])[1]++;
        }
        double n = ratings.size();
        double expected = marginals.values().stream()
                .mapToDouble(counts -> counts[0] / n * (counts[1] / n))
                .sum();
        return kappa(agreed / n, expected);
    }

    /**
     * The same number of raters for each thing, not always the same ones (Fleiss 1971, "Measuring nominal scale agreement among many raters").
     *
     * @param counts how many raters chose each category, {@code [items][categories]}
     */
    static OptionalDouble fleissKappa(int[][] counts) {
        if (counts.length == 0) {
            return OptionalDouble.empty();
        }
        double[] share = new double[counts[0].length];
        double observed = 0;
        for (int[] item : counts) {
            double raters = 0;
            double squares = 0;
            for (int category = 0; category < item.length; category++) {
                raters += item[category];
                squares += (double) item[category] * item[category];
            }
            for (int category = 0; category < item.length; category++) {
                share[category] += item[category] / raters / counts.length;
            }
            observed += (squares - raters) / (raters * (raters - 1)) / counts.length;
        }
        double expected = 0;
        for (double p : share) {
            expected += p * p;
        }
        return kappa(observed, expected);
    }

    private static OptionalDouble kappa(double observed, double expected) {
        return Double.isNaN(observed) || 1 - expected < 1e-12
                ? OptionalDouble.empty()
                : OptionalDouble.of((observed - expected) / (1 - expected));
    }

    /** How values are measured: what their differences mean. */
    enum Scale {
        NOMINAL,
        INTERVAL,
        ORDINAL
    }

    /**
     * Any number of raters for each thing (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability").
     *
     * @param units the values that each thing was given; those with fewer than two do not count
     */
    static OptionalDouble krippendorffsAlpha(List<List<Integer>> units, Scale scale) {
        List<Integer> values = List.copyOf(new TreeSet<>(units.stream()
                .filter(unit -> unit.size() > 1)
                .flatMap(List::stream)
                .toList()));
        double[][] coincidences = coincidences(units, values);
        double[] totals = new double[values.size()];
        double n = 0;
        for (int c = 0; c < totals.length; c++) {
            for (double value : coincidences[c]) {
                totals[c] += value;
                n += value;
            }
        }
        ToDoubleBiFunction<Integer, Integer> distance = distance(scale, values, totals);
        double observed = 0;
        double expected = 0;
        for (int c = 0; c < totals.length; c++) {
            for (int k = 0; k < totals.length; k++) {
                double d = distance.applyAsDouble(c, k);
                observed += coincidences[c][k] * d;
                expected += totals[c] * totals[k] * d;
            }
        }
        return expected == 0 ? OptionalDouble.empty() : OptionalDouble.of(1 - (n - 1) * observed / expected);
    }

    private static double[][] coincidences(List<List<Integer>> units, List<Integer> values) {
        double[][] coincidences = new double[values.size()][values.size()];
        for (List<Integer> unit : units) {
            List<Integer> places = new ArrayList<>();
            if (unit.size() > 1) {
                unit.forEach(value -> places.add(values.indexOf(value)));
            }
            for (int i = 0; i < places.size(); i++) {
                for (int j = 0; j < places.size(); j++) {
                    if (i != j) {
                        coincidences[places.get(i)][places.get(j)] += 1.0 / (places.size() - 1);
                    }
                }
            }
        }
        return coincidences;
    }

    /** The squared difference of two values, by their places among all values. */
    private static ToDoubleBiFunction<Integer, Integer> distance(Scale scale, List<Integer> values, double[] totals) {
        return switch (scale) {
            case NOMINAL -> (c, k) -> c.equals(k) ? 0 : 1;
            case INTERVAL -> (c, k) -> Math.pow(values.get(c) - values.get(k), 2);
            case ORDINAL ->
                (c, k) -> {
                    int low = Math.min(c, k);
                    int high = Math.max(c, k);
                    double between = -(totals[low] + totals[high]) / 2;
                    for (int g = low; g <= high; g++) {
                        between += totals[g];
                    }
                    return between * between;
                };
        };
    }
}
