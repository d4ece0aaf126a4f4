package dev.mynah.train.scaling;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Fits a {@link LossLaw} to runs: the least sum of Huber losses of {@code log L} (Hoffmann et al. 2022, appendix D.3), with the law's logarithm taken as log-sum-exp of its three terms.
 *
 * <p>The least is looked for by Levenberg and Marquardt's method with weights that make squares into Huber losses, from a grid of starts, first with squares alone. Parameters are the logarithms of
 * the three terms in the middle of the data, and the two exponents, so that all are of the order of 1.
 */
final class LawFit {

    /** From which difference of logarithms on a run counts as an outlier, as in the paper. */
    static final double HUBER = 1e-3;

    private static final double SQUARES_ALONE = 10;
    private static final int PARAMETERS = 5;
    private static final int STEPS = 300;
    private static final double[] EXPONENTS = {0.1, 0.3, 0.6, 1.2};
    private static final double[] IRREDUCIBLE = {0.2, 0.6, 0.9};

    private final double[] logSize;
    private final double[] logData;
    private final double[] logLoss;
    private final double middleSize;
    private final double middleData;

    private LawFit(List<MeasuredRun> runs) {
        double[] sizes =
                runs.stream().mapToDouble(run -> Math.log(run.parameters())).toArray();
        double[] data = runs.stream().mapToDouble(run -> Math.log(run.tokens())).toArray();
        this.middleSize = Arrays.stream(sizes).average().orElseThrow();
        this.middleData = Arrays.stream(data).average().orElseThrow();
        this.logSize = Arrays.stream(sizes).map(x -> x - middleSize).toArray();
        this.logData = Arrays.stream(data).map(x -> x - middleData).toArray();
        this.logLoss = runs.stream().mapToDouble(run -> Math.log(run.loss())).toArray();
    }

    /** Parameters and what is left unexplained with them. */
    @SuppressWarnings("ArrayRecordComponent") // five numbers; never compared
    private record Point(double[] at, double cost) {}

    /** The law that fits best. */
    static LossLaw fit(List<MeasuredRun> runs) {
        LawFit fit = new LawFit(runs);
        Point best = null;
        for (double size : EXPONENTS) {
            for (double data : EXPONENTS) {
                for (double share : IRREDUCIBLE) {
                    Point found = fit.descend(fit.start(size, data, share));
                    best = best == null || found.cost < best.cost ? found : best;
                }
            }
        }
        return fit.law(Objects.requireNonNull(best).at);
    }

    /** As {@link #fit}, from one start: a law that fits similar runs. */
    static LossLaw fit(List<MeasuredRun> runs, LossLaw near) {
        LawFit fit = new LawFit(runs);
        double[] start = {
            Math.log(near.sizeFactor()) - near.sizeExponent() * fit.middleSize,
            near.sizeExponent(),
            Math.log(near.dataFactor()) - near.dataExponent() * fit.middleData,
            near.dataExponent(),
            Math.log(near.irreducible())
        };
        return fit.law(fit.descend(start).at);
    }

    private double[] start(double sizeExponent, double dataExponent, double irreducibleShare) {
        double lowest = Math.exp(Arrays.stream(logLoss).min().orElseThrow());
        double half = Math.log(lowest * (1 - irreducibleShare) / 2);
        return new double[] {half, sizeExponent, half, dataExponent, Math.log(lowest * irreducibleShare)};
    }

    private LossLaw law(double[] at) {
        return new LossLaw(
                Math.exp(at[4]),
                Math.exp(at[0] + at[1] * middleSize),
                at[1],
                Math.exp(at[2] + at[3] * middleData),
                at[3]);
    }

    private Point descend(double[] start) {
        return descend(descend(start, SQUARES_ALONE).at, HUBER);
    }

    private Point descend(double[] start, double huber) {
        double[] at = start;
        double cost = cost(at, huber);
        double damping = 1e-2;
        for (int step = 0; step < STEPS && damping < 1e12; step++) {
            double[][] normal = new double[PARAMETERS][PARAMETERS + 1];
            accumulate(at, huber, normal);
            for (int i = 0; i < PARAMETERS; i++) {
                normal[i][i] += damping * (normal[i][i] + 1e-9);
            }
            double[] move = solved(normal);
            double[] next = new double[PARAMETERS];
            for (int i = 0; i < PARAMETERS; i++) {
                next[i] = at[i] - move[i];
            }
            double found = cost(next, huber);
            if (found < cost) {
                boolean done = cost - found < 1e-13 * cost;
                at = next;
                cost = found;
                damping = Math.max(damping / 5, 1e-12);
                if (done) {
                    break;
                }
            } else {
                damping *= 4;
            }
        }
        return new Point(at, cost);
    }

    private double cost(double[] at, double huber) {
        double cost = 0;
        for (int i = 0; i < logLoss.length; i++) {
            double distance = Math.abs(residual(at, i, new double[PARAMETERS]));
            cost += distance <= huber ? distance * distance / 2 : huber * (distance - huber / 2);
        }
        return Double.isNaN(cost) ? Double.POSITIVE_INFINITY : cost;
    }

    /** Adds up {@code J'WJ} and, in the last column, {@code J'Wr}. */
    private void accumulate(double[] at, double huber, double[][] normal) {
        double[] slope = new double[PARAMETERS];
        for (int run = 0; run < logLoss.length; run++) {
            double residual = residual(at, run, slope);
            double weight = Math.min(1, huber / Math.max(Math.abs(residual), 1e-300));
            for (int i = 0; i < PARAMETERS; i++) {
                for (int j = 0; j < PARAMETERS; j++) {
                    normal[i][j] += weight * slope[i] * slope[j];
                }
                normal[i][PARAMETERS] += weight * slope[i] * residual;
            }
        }
    }

    /** Predicted less measured {@code log L} of a run; {@code slope} becomes the derivatives by the parameters. */
    private double residual(double[] at, int run, double[] slope) {
        double size = at[0] - at[1] * logSize[run];
        double data = at[2] - at[3] * logData[run];
        double most = Math.max(at[4], Math.max(size, data));
        double sum = Math.exp(size - most) + Math.exp(data - most) + Math.exp(at[4] - most);
        double sizeShare = Math.exp(size - most) / sum;
        double dataShare = Math.exp(data - most) / sum;
        slope[0] = sizeShare;
        slope[1] = -sizeShare * logSize[run];
        slope[2] = dataShare;
        slope[3] = -dataShare * logData[run];
        slope[4] = 1 - sizeShare - dataShare;
        return most + Math.log(sum) - logLoss[run];
    }

    /** Solves equations whose right-hand sides stand in the last column, by elimination with pivots; {@code rows} is used up. */
    private static double[] solved(double[][] rows) {
        int n = rows.length;
        for (int column = 0; column < n; column++) {
            int pivot = column;
            for (int row = column + 1; row < n; row++) {
                pivot = Math.abs(rows[row][column]) > Math.abs(rows[pivot][column]) ? row : pivot;
            }
            double[] top = rows[pivot];
            rows[pivot] = rows[column];
            rows[column] = top;
            for (int row = 0; row < n; row++) {
                double factor = row == column ? 0 : rows[row][column] / top[column];
                for (int k = column; factor != 0 && k <= n; k++) {
                    rows[row][k] -= factor * top[k];
                }
            }
        }
        double[] solution = new double[n];
        for (int i = 0; i < n; i++) {
            solution[i] = rows[i][n] / rows[i][i];
        }
        return solution;
    }
}
